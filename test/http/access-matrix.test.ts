import { expect } from 'chai';
import { fullPath, type Route } from '../../adapters/http/route.ts';
import {
  type AccessCaller,
  CALLERS,
  doorOf,
  findOf,
  hasId,
  ID_KINDS,
  type IdKind,
  isOwned,
  SCOPE_OF_THE_KEY,
} from '../../config/reference/access-rules.ts';
import { onPostgres, servedPostgres } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { bodyOf, thingOf } from './access-things.ts';
import { type Api, dataOf } from './api.ts';
import type { Reply } from './client.ts';
import { fresh, Shop } from './shop.ts';

const NOBODYS_ID = '00000000-0000-7000-8000-000000000000';

/** Longer than any id, name or slug. */
const MALFORMED = 'x'.repeat(300);

async function withRole(shop: Shop, role: string): Promise<Api> {
  const person = await shop.account();
  dataOf(await (await shop.admin()).patch(`/admin/users/${person.id}`, { role }));
  return (await shop.signIn(person)).api;
}

const ENTER: Record<AccessCaller, (shop: Shop) => Promise<Api>> = {
  guest: async shop => shop.anonymous,
  'guest with a cart': shop => shop.guest(),
  customer: shop => shop.customer(),
  staff: shop => withRole(shop, 'staff'),
  administrator: shop => withRole(shop, 'admin'),
  'API key': async shop => {
    const key = { name: 'matrix', permissions: [SCOPE_OF_THE_KEY] };
    return shop.holding(dataOf(await (await shop.admin()).post<{ secret: string }>('/admin/api-keys', key)).secret);
  },
};

async function idFor(kind: IdKind, row: Route, { shop, caller, other, isIn }: Knock): Promise<string> {
  if (kind === 'malformed') return MALFORMED;
  if (kind === 'missing') return /\{(?:\w+_)?id\}/.test(row.path) ? NOBODYS_ID : 'nobody-made-this';
  return thingOf(row)(shop, kind === 'own' && isIn ? caller : other);
}

interface Knock {
  readonly shop: Shop;
  readonly caller: Api;
  /** A customer who has nothing to do with it. */
  readonly other: Api;
  /** Whether the door is expected to open. */
  readonly isIn: boolean;
}

/** As a client that knows how to ask; bodies without an id are left out, for being let in is all that matters there. */
async function knock(row: Route, knocking: Knock, id?: string): Promise<Reply> {
  const path = fullPath(row).replace(/\{\w+\}/, id ?? '');
  const body = hasId(row) ? await bodyOf(row, knocking.shop) : undefined;
  const headers = {
    ...knocking.caller.headers,
    'Idempotency-Key': fresh('matrix'),
    ...(body && { 'Content-Type': 'application/json' }),
  };
  return knocking.shop.root.send({ method: row.method, path, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** What an answer says of the caller and the id; anything else is the business of the route. */
const verdictOf = ({ status }: Reply): string | number => ([400, 401, 403, 404].includes(status) ? status : 'open');

const said = ({ body: { error } }: Reply) => ({ code: error.code, message: error.message, details: error.details });

async function tryRow(shop: Shop, row: Route): Promise<number> {
  let cells = 0;
  const other = await shop.customer();
  for (const name of CALLERS) {
    const caller = await ENTER[name](shop);
    const door = doorOf(row, name);
    const knocking = { shop, caller, other, isIn: door === 'open' };
    const answers = new Map<IdKind | 'no id', Reply>();
    for (const kind of hasId(row) ? ID_KINDS : (['no id'] as const)) {
      const reply =
        kind === 'no id' ? await knock(row, knocking) : await knock(row, knocking, await idFor(kind, row, knocking));
      answers.set(kind, reply);
      cells += 1;
      const cell = `${row.method} ${row.path} by ${name}, ${kind}: ${reply.status} ${reply.text.slice(0, 200)}`;
      const expected = door === 'open' && kind !== 'no id' ? findOf(row, kind) : door;
      if (expected !== 'open') expect(verdictOf(reply), cell).to.equal(expected);
      else if (kind === 'no id' || row.body === 'signed') expect(verdictOf(reply), cell).to.be.oneOf(['open', 400]);
      else expect(verdictOf(reply), cell).to.equal('open');
    }
    if (door === 'open' && isOwned(row))
      expect(said(answers.get('foreign')!), row.name).to.deep.equal(said(answers.get('missing')!));
  }
  return cells;
}

/** Signing everybody out comes last: the times in tokens are whole seconds, and it would meet those who come next. */
const LAST = new Set(['revokeSessionsOfEverybody']);

const rowsOf = (shop: Shop): readonly Route[] =>
  shop.app.routes.toSorted((a, b) => Number(LAST.has(a.name)) - Number(LAST.has(b.name)));

describe('The table of who may do what', function () {
  this.timeout(120_000);

  it('holds for every route, every caller and every kind of id', async () => {
    const shop = await Shop.open('memory:');
    try {
      let cells = 0;
      for (const row of rowsOf(shop)) cells += await tryRow(shop, row);
      expect(cells).to.be.above(900);
    } finally {
      await shop.close();
    }
  });

  onPostgres(servedPostgres, 'also', postgres => {
    it('holds for a sample of the routes', async () => {
      const made = await postgres.database();
      const shop = await Shop.open(urlOf(made));
      try {
        for (const row of rowsOf(shop).filter((_, index) => index % 8 === 2)) await tryRow(shop, row);
      } finally {
        await shop.close();
        await made.drop();
      }
    });
  });
});
