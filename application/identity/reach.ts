import { requireHeld, type Rights, type Role } from '../../domain/identity/permissions.ts';
import { invalidValue } from '../../domain/shared/domain-error.ts';
import type { Collections } from '../ports/unit-of-work.ts';

/** Whoever holds more than oneself is out of reach, and so is what would make somebody hold more. */
export async function requireReach(
  collections: Pick<Collections, 'roles'>,
  rights: Rights,
  names: readonly Role[],
): Promise<void> {
  for (const name of [...new Set(names)].toSorted()) {
    const role = await collections.roles.find(name);
    if (!role) throw invalidValue('role', 'must be a role of the shop');
    requireHeld(rights, role.snapshot().permissions);
  }
}
