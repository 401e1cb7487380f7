/** What a person or machine may do beyond being a customer. */
export const PERMISSIONS = [
  'products:write',
  'inventory:read',
  'inventory:write',
  'orders:read',
  'orders:write',
  'users:read',
  'users:write',
  'analytics:read',
  'webhooks:write',
  'audit:read',
  'jobs:write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['customer', 'staff', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Roles are named bundles; only permissions are ever checked. */
export const PERMISSIONS_OF: Record<Role, readonly Permission[]> = {
  customer: [],
  staff: ['products:write', 'inventory:read', 'inventory:write', 'orders:read', 'orders:write'],
  admin: PERMISSIONS,
};
