import { expect } from 'chai';
import { fullPath, type Route } from '../../adapters/http/route.ts';
import { PERMISSIONS } from '../../domain/identity/permissions.ts';
import type { Api } from './api.ts';
import { outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import type { Shop } from './shop.ts';

const SOMEWHERE = '00000000-0000-7000-8000-000000000000';

/** Knocks at one row of the route table, with nothing in the hands. */
const knock = (caller: Api, row: Route) =>
  caller.send({ method: row.method, path: fullPath(row).replace(/\{\w+\}/g, SOMEWHERE) });

const needsPermission = ({ access }: Route): boolean => PERMISSIONS.some(permission => permission === access);

const callers = (shop: Shop, from: Api): Api => shop.root.with(from.headers);

export const accessSuite = shopSuite('Every door', it => {
  it('that is not public is shut to who does not say who they are', async shop => {
    const shut = shop.app.routes.filter(({ access }) => access !== 'public');
    expect(shut).to.have.length.above(30);
    for (const row of shut) {
      const reply = await knock(shop.root, row);
      expect(outcome(reply), row.name).to.equal('401 UNAUTHENTICATED');
      expect(reply.headers['www-authenticate'], row.name).to.equal('Bearer');
    }
  });

  it('of the staff is shut to customers, whatever they knock with', async shop => {
    const customer = callers(shop, await shop.customer());
    const staffOnly = shop.app.routes.filter(needsPermission);
    expect(staffOnly).to.have.length.above(20);
    for (const row of staffOnly) {
      const reply = await knock(customer, row);
      expect(outcome(reply), row.name).to.equal('403 FORBIDDEN');
      expect(reply.body.error.details, row.name).to.deep.equal({ permission: row.access });
    }
  });

  it('below /admin asks for a permission', async shop => {
    const admin = shop.app.routes.filter(({ path }) => path.startsWith('/admin/'));
    expect(admin).to.have.length.above(10);
    for (const row of admin) expect(needsPermission(row), row.name).to.equal(true);
  });

  it('opens to staff for orders, stock and products, and to the administrator for all', async shop => {
    const staff = callers(shop, await shop.staff());
    const admin = callers(shop, await shop.admin());
    const opens = async (caller: Api, row: Route) => ![401, 403].includes((await knock(caller, row)).status);
    for (const row of shop.app.routes.filter(needsPermission)) {
      const forStaff = /^(?:products|inventory|orders):/.test(row.access);
      expect(await opens(staff, row), `${row.name} for staff`).to.equal(forStaff);
      expect(await opens(admin, row), `${row.name} for the administrator`).to.equal(true);
    }
  });

  it('refuses a token that does not verify, even where none is needed', async shop => {
    const { tokens } = await shop.account();
    const [head, body, signature] = tokens.access_token.split('.') as [string, string, string];
    const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    const promoted = Buffer.from(Buffer.from(body, 'base64url').toString().replace('"customer"', '"admin"')).toString(
      'base64url',
    );
    for (const authorization of [
      'Bearer nonsense',
      'Bearer a.b.c',
      `Bearer ${head}.${body}.`,
      `Bearer ${unsigned}.${body}.`,
      `Bearer ${head}.${promoted}.${signature}`,
      `Bearer ${tokens.access_token}x`,
      `Bearer ${tokens.refresh_token}`,
      tokens.access_token,
      `Basic ${Buffer.from('admin:admin').toString('base64')}`,
      'Bearer ',
    ])
      for (const path of ['/products', '/users/me']) {
        const reply = await shop.anonymous.get(path, { Authorization: authorization });
        expect(outcome(reply), `${path} ${authorization}`).to.equal('401 UNAUTHENTICATED');
      }
  });

  it('cares for nobody’s word about who they are', async shop => {
    const { id } = await shop.account();
    expect(outcome(await shop.anonymous.get('/users/me', { 'X-User-Id': id }))).to.equal('401 UNAUTHENTICATED');
    const other = await shop.account();
    const asked = await other.api.get<{ id: string }>('/users/me', { 'X-User-Id': id });
    expect(asked.body.data.id).to.equal(other.id);
  });

  it('to a cart takes a token that could be one', async shop => {
    for (const token of ['short', 'with blanks in the middle', 'a'.repeat(200)])
      expect(outcome(await shop.anonymous.get('/carts/me', { 'X-Cart-Token': token })), token).to.equal(
        '401 UNAUTHENTICATED',
      );
    expect(outcome(await shop.anonymous.get('/carts/me', { 'X-Cart-Token': 'a'.repeat(43) }))).to.equal(
      '404 NOT_FOUND',
    );
  });
});
