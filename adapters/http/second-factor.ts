import type { SecondFactorQueries } from '../../application/ports/second-factors.ts';
import { CUSTOMER, type Rights } from '../../domain/identity/permissions.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Identified } from './authentication.ts';
import { permissionOf, type Route } from './route.ts';

export const NO_RIGHTS: Rights = { role: CUSTOMER, permissions: [] };

/**
 * Staff without a second factor are shown what customers are, where staff would be shown more.
 * @throws DomainError 403 for them wherever a permission is needed
 */
export async function rightsWithSecondFactor(
  row: Route,
  { caller }: Identified,
  { rights, secondFactors }: { rights: Rights; secondFactors: SecondFactorQueries },
): Promise<Rights> {
  if (!caller || rights.permissions.length === 0 || (await secondFactors.isOn(caller.userId))) return rights;
  if (permissionOf(row) === undefined) return NO_RIGHTS;
  throw new DomainError('forbidden', 'MFA_ENROLMENT_REQUIRED', 'Staff needs a second factor here: set one up first.');
}
