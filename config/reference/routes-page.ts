import { type Access, fullPath, idempotencyOf, rateOf, type Route } from '../../adapters/http/route.ts';
import { anchor, code, codes, page, table } from './markdown.ts';

const INTRODUCTION = `The program itself serves this list as an OpenAPI 3.1 document at \`/openapi.json\`, with the shape of every body and
answer, and as a page to try things on at \`/docs\`. A test validates each answer against it.`;

const LEGEND = `**Who** — *anyone* · *customer*: signed in, \`Authorization: Bearer <access token>\` · *cart*: signed in, or a guest with
\`X-Cart-Token\` · else the permission that the caller's role must hold.

**Key** — whether an \`Idempotency-Key\` is *required*, *accepted*, or has no effect (—).

**Answers** — the status when it works, then the refusals that are special to the route. Beyond them any route may answer
\`VALIDATION_ERROR\`, the 401 codes, \`NOT_ACCEPTABLE\`, \`RATE_LIMITED\`, \`INTERNAL_ERROR\` and \`UNAVAILABLE\`; those that need a
permission, or a person, \`FORBIDDEN\`; those with an id \`NOT_FOUND\`; those that change something with a version \`PRECONDITION_FAILED\`; those
with a body \`MALFORMED_JSON\`, \`PAYLOAD_TOO_LARGE\` and \`UNSUPPORTED_MEDIA_TYPE\`; those that take a key the
\`IDEMPOTENCY_…\` codes. All stand in [error codes](errors.md).`;

const WHO: Partial<Record<Access, string>> = { public: 'anyone', customer: 'customer', cart: 'cart' };

export function routesPage(routes: readonly Route[]): string {
  const tags = [...new Set(routes.map(row => row.tag))];
  return page(
    'Routes',
    INTRODUCTION,
    LEGEND,
    tags.map(tag => `[${tag}](#${anchor(tag)})`).join(' · '),
    ...tags.map(tag => `## ${tag}\n\n${tableOf(routes.filter(row => row.tag === tag))}`),
  );
}

const tableOf = (routes: readonly Route[]): string =>
  table(['Route', 'What it does', 'Who', 'Key', 'Counts as', 'Answers'], routes.map(rowOf));

const rowOf = (row: Route): string[] => [
  code(`${row.method} ${fullPath(row)}`),
  row.summary,
  WHO[row.access] ?? code(row.access),
  keyOf(row),
  row.atRoot ? '—' : rateOf(row),
  [Object.keys(row.answers).join(', '), ...(row.errors?.length ? [codes(row.errors)] : [])].join(' · '),
];

function keyOf(row: Route): string {
  const rule = idempotencyOf(row);
  if (rule === undefined || rule === 'ignored') return '—';
  return rule === 'accepted' || rule === 'derived' ? 'accepted' : 'required';
}
