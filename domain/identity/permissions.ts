import type { Brand } from '../shared/brand.ts';
import { DomainError, invalidValue } from '../shared/domain-error.ts';

/** What a person or machine may do beyond being a customer. */
export const PERMISSIONS = [
  'products:write',
  'inventory:read',
  'inventory:write',
  'orders:read',
  'orders:write',
  'users:read',
  'users:write',
  'roles:write',
  'api-keys:write',
  'analytics:read',
  'webhooks:write',
  'audit:read',
  'jobs:write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

export const isPermission = (text: string): text is Permission => PERMISSIONS.some(permission => permission === text);

/** The name of a bundle of permissions; only permissions are ever checked. */
export type Role = Brand<string, 'Role'>;

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

export function Role(value: string): Role {
  if (!NAME.test(value)) throw invalidValue('role', 'must be 1 to 40 of a–z, 0–9 and hyphens, and begin with a letter');
  return value as Role;
}

export const CUSTOMER = Role('customer');
export const STAFF = Role('staff');
export const ADMIN = Role('admin');

/** What somebody may do at this moment. */
export interface Rights {
  readonly role: Role;
  readonly permissions: readonly Permission[];
}

/** Administrators may do everything, also what did not exist when their role was stored; customers nothing, ever. */
export function permissionsOf(role: Role, listed: readonly string[]): readonly Permission[] {
  if (role === ADMIN) return PERMISSIONS;
  return role === CUSTOMER ? [] : listed.filter(isPermission);
}

/** Nobody grants, takes away or assigns what they do not hold themselves. @throws DomainError FORBIDDEN */
export function requireHeld(own: Rights, touched: readonly Permission[]): void {
  const lacking = touched.filter(permission => !own.permissions.includes(permission));
  if (lacking.length === 0) return;
  const message = 'Nobody grants, takes away or assigns permissions that they do not hold themselves.';
  throw new DomainError('forbidden', 'FORBIDDEN', message, { permissions: [...new Set(lacking)] });
}
