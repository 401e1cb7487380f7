import type { SecondFactorQueries } from '../../application/ports/second-factors.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Identified } from './authentication.ts';
import { permissionOf, type Route } from './route.ts';

/** @throws DomainError 403 for staff without a second factor, wherever a permission is needed */
export async function requireSecondFactor(
  row: Route,
  { caller }: Identified,
  secondFactors: SecondFactorQueries,
): Promise<void> {
  if (permissionOf(row) === undefined || !caller || (await secondFactors.isOn(caller.userId))) return;
  throw new DomainError('forbidden', 'MFA_ENROLMENT_REQUIRED', 'Staff needs a second factor here: set one up first.');
}
