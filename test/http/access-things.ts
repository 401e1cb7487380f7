import type { Route } from '../../adapters/http/route.ts';
import { type Api, dataOf } from './api.ts';
import { bought, putIntoCart } from './buying.ts';
import type { SavedAddress } from './shapes.ts';
import { ADDRESS, fresh, type Shop, usd } from './shop.ts';

/** Makes what the id in the path of a route may name, for `owner` where it is somebody's, and says its id. */
type Making = (shop: Shop, owner: Api) => Promise<string>;

const idOf = async (made: Promise<{ readonly id: string }>): Promise<string> => (await made).id;

const order: Making = async (shop, owner) => (await bought(owner, await shop.variant())).order_id;
const orderOfSomebody: Making = async shop => order(shop, await shop.customer());

/** By how the path begins; the longest counts. */
const THINGS: Readonly<Record<string, Making>> = {
  '/users/me/addresses/': async (_, owner) => dataOf(await owner.post<SavedAddress>('/users/me/addresses', ADDRESS)).id,
  '/orders/': order,
  '/admin/orders/': orderOfSomebody,
  '/payments/sandbox/': orderOfSomebody,
  '/payments/webhooks/': async () => 'sandbox',
  '/categories/': shop => idOf(shop.category()),
  '/products/': shop => idOf(shop.product()),
  '/products/slug/': async shop => ((await shop.product()) as { slug: string }).slug,
  '/admin/products/': shop => idOf(shop.product()),
  '/variants/': async shop => (await shop.product({ variants: [small(), small()] })).variants[0]!.id,
  '/admin/inventory/': shop => shop.variant(),
  '/carts/me/items/': async (shop, owner) => {
    const variant = await shop.variant();
    await putIntoCart(owner, variant);
    return variant;
  },
  '/admin/imports/': async shop => {
    const csv = { 'Content-Type': 'text/csv' };
    const sheet = {
      method: 'POST',
      path: '/admin/imports/products?dry_run=true',
      headers: csv,
      body: 'Handle,Title\n',
    };
    return dataOf(await (await shop.admin()).send<{ id: string }>(sheet)).id;
  },
  '/admin/users/': shop => idOf(shop.account()),
  '/admin/roles/': async shop => {
    const role = { name: fresh('role'), permissions: ['orders:read'] };
    return dataOf(await (await shop.admin()).post<{ name: string }>('/admin/roles', role)).name;
  },
  '/admin/api-keys/': async shop => {
    const key = { name: 'till', permissions: ['orders:read'] };
    return dataOf(await (await shop.admin()).post<{ id: string }>('/admin/api-keys', key)).id;
  },
};

const small = () => ({ options: { Size: fresh('S') }, price: usd(100), stock: 1 });

export function thingOf({ path, name }: Route): Making {
  const [begins] = Object.keys(THINGS)
    .filter(start => path.startsWith(start))
    .toSorted((a, b) => b.length - a.length);
  if (begins === undefined) throw new Error(`Say in test/http/access-things.ts how to make what ${name} is about.`);
  return THINGS[begins]!;
}

type Body = object | ((shop: Shop) => Promise<object>);

/** A good body for each route that has one beside an id: a bad one would be refused before the id is looked at. */
const BODIES: Readonly<Record<string, Body>> = {
  changeAddress: { city: 'Porto' },
  changeCategory: { name: 'Shelf' },
  replaceProduct: async shop => ({
    name: 'Rope',
    category_id: (await shop.category()).id,
    price: usd(100),
  }),
  changeProduct: { name: 'Rope' },
  addVariant: { price: usd(100), options: { Size: 'M' } },
  changeVariant: { price: usd(200) },
  changeCartLine: { quantity: 2 },
  shipOrder: {},
  deliverOrder: {},
  cancelAnyOrder: {},
  resumeOrder: { reason: 'looked at', give_back: false },
  refundOrder: { restock: false },
  countProduct: { stock_qty: 5 },
  countVariant: { stock_qty: 5 },
  adjustStock: { delta: 1, reason: 'found' },
  administerUser: { disabled: false },
  changeRole: { permissions: [] },
};

export async function bodyOf({ name, body }: Route, shop: Shop): Promise<object | undefined> {
  if (!body || typeof body === 'string') return undefined;
  const good = BODIES[name];
  if (good === undefined) throw new Error(`Say in test/http/access-things.ts what a good body for ${name} is.`);
  return typeof good === 'function' ? good(shop) : good;
}
