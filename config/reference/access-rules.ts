import { permissionOf, type Route } from '../../adapters/http/route.ts';
import { ADMIN, type Permission, permissionsOf, STAFF } from '../../domain/identity/permissions.ts';
import { BUILT_IN_ROLES } from '../../domain/identity/role-bundle.ts';

export const CALLERS = ['guest', 'guest with a cart', 'customer', 'staff', 'administrator', 'API key'] as const;
export type AccessCaller = (typeof CALLERS)[number];

/** What the API key of the table was made for. */
export const SCOPE_OF_THE_KEY: Permission = 'orders:read';

/** `open`: whatever happens then, the caller was let in. */
export type Door = 'open' | 401 | 403;

const DOORS: Record<'public' | 'customer' | 'cart', Record<AccessCaller, Door>> = {
  public: {
    guest: 'open',
    'guest with a cart': 'open',
    customer: 'open',
    staff: 'open',
    administrator: 'open',
    'API key': 'open',
  },
  customer: {
    guest: 401,
    'guest with a cart': 401,
    customer: 'open',
    staff: 'open',
    administrator: 'open',
    'API key': 403,
  },
  cart: {
    guest: 401,
    'guest with a cart': 'open',
    customer: 'open',
    staff: 'open',
    administrator: 'open',
    'API key': 403,
  },
};

const STAFF_MAY = permissionsOf(STAFF, BUILT_IN_ROLES.find(role => role.name === STAFF)!.permissions);

/** Of the routes that ask for a permission; undefined: whoever it is, the shop does not know them. */
const HELD: Record<AccessCaller, readonly Permission[] | undefined> = {
  guest: undefined,
  'guest with a cart': undefined,
  customer: [],
  staff: STAFF_MAY,
  administrator: permissionsOf(ADMIN, []),
  'API key': [SCOPE_OF_THE_KEY],
};

export function doorOf(row: Route, caller: AccessCaller): Door {
  const permission = permissionOf(row);
  if (permission === undefined) return DOORS[row.access as keyof typeof DOORS][caller];
  const held = HELD[caller];
  if (held === undefined) return 401;
  return held.includes(permission) ? 'open' : 403;
}

export const ID_KINDS = ['own', 'foreign', 'missing', 'malformed'] as const;
export type IdKind = (typeof ID_KINDS)[number];

export const hasId = ({ path }: Route): boolean => path.includes('{');

/** Whether what the path names is somebody's, so that others do not find it. */
export const isOwned = (row: Route): boolean => hasId(row) && (row.access === 'customer' || row.access === 'cart');

/** What somebody who was let in finds behind the id. */
export function findOf(row: Route, kind: IdKind): 'open' | 400 | 404 {
  if (kind === 'malformed') return 400;
  return kind === 'missing' || (kind === 'foreign' && isOwned(row)) ? 404 : 'open';
}
