import { fullPath, type Route } from '../../adapters/http/route.ts';
import { BUILT_IN_ROLES } from '../../domain/identity/role-bundle.ts';
import { PERMISSIONS } from '../../domain/identity/permissions.ts';
import { CALLERS, doorOf, findOf, hasId, ID_KINDS, isOwned, SCOPE_OF_THE_KEY } from './access-rules.ts';
import { code, page, table } from './markdown.ts';

const INTRODUCTION = `Who may ask what. Every route is shut unless its row of the route table says otherwise, and a test knocks at every door of
this page with every caller and every kind of id.`;

const LEGEND = `✓ lets in · 401 \`UNAUTHENTICATED\`: say who you are · 403 \`FORBIDDEN\`: you may not. The API key is one that was made with the
permission \`${SCOPE_OF_THE_KEY}\` by an administrator; roles are those that every shop begins with. What a role permits is looked up with
each request, so that a change holds from the next one on.`;

const IDS = `What is behind an id in the path, once the caller was let in. What is somebody else’s and what was never there answer alike,
to the letter.`;

export function accessPage(routes: readonly Route[]): string {
  return page(
    'Access',
    INTRODUCTION,
    LEGEND,
    '## Routes',
    table(
      ['Route', ...CALLERS],
      routes.map(row => [code(`${row.method} ${fullPath(row)}`), ...CALLERS.map(caller => sign(doorOf(row, caller)))]),
    ),
    '## Ids',
    IDS,
    table(['Route', ...ID_KINDS], routes.filter(hasId).map(idsOf)),
    '## Permissions',
    table(
      ['Permission', ...BUILT_IN_ROLES.map(role => role.name)],
      PERMISSIONS.map(permission => [
        code(permission),
        ...BUILT_IN_ROLES.map(role => (role.permissions.includes(permission) ? '✓' : '')),
      ]),
    ),
  );
}

const sign = (verdict: string | number): string => (verdict === 'open' ? '✓' : String(verdict));

/** Where nothing is anybody's own, there is nothing foreign either. */
const idsOf = (row: Route): string[] => [
  code(`${row.method} ${fullPath(row)}`),
  ...ID_KINDS.map(kind => (kind === 'foreign' && !isOwned(row) ? '—' : sign(findOf(row, kind)))),
];
