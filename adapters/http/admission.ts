import type { RecordRefusal } from '../../application/audit/record-refusal.ts';
import type { RoleQueries } from '../../application/ports/roles.ts';
import type { SecondFactorQueries } from '../../application/ports/second-factors.ts';
import { CUSTOMER, type Permission, type Rights } from '../../domain/identity/permissions.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { type Identified, refused } from './authentication.ts';
import { permissionOf, type Route } from './route.ts';
import { NO_RIGHTS, rightsWithSecondFactor } from './second-factor.ts';

export interface AdmissionPorts {
  readonly roles: RoleQueries;
  readonly recordRefusal: RecordRefusal;
  readonly secondFactors: SecondFactorQueries;
  /** Whether what needs a permission needs a second factor, too. */
  readonly staffNeedsSecondFactor: boolean;
}

/** @throws DomainError 401 for who is unknown, 403 for who may not, which is kept in the audit trail */
export async function admit(row: Route, identified: Identified, ports: AdmissionPorts): Promise<Rights> {
  authenticate(row, identified);
  const rights = await rightsOf(row, identified, ports);
  const lack = lacking(row, identified, rights);
  if (lack === undefined) {
    const { staffNeedsSecondFactor, secondFactors } = ports;
    return staffNeedsSecondFactor ? rightsWithSecondFactor(row, identified, { rights, secondFactors }) : rights;
  }
  await ports.recordRefusal.execute({ route: row.name, lacking: [lack] });
  throw forbidden(lack);
}

/** Who reaches beyond their own rights is kept in the audit trail, like who lacks the permission for the route. */
export async function notingRefusals<Result>(
  row: Route,
  { recordRefusal }: AdmissionPorts,
  handle: () => Promise<Result> | Result,
): Promise<Result> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'FORBIDDEN') {
      const { permissions } = error.details;
      await recordRefusal.execute({ route: row.name, lacking: Array.isArray(permissions) ? permissions : [] });
    }
    throw error;
  }
}

/**
 * What the caller may do at this moment, where that matters to the route: what a token says of it may be old. Customers
 * cost no question, because a promotion ends their sessions.
 */
async function rightsOf(row: Route, { caller, machine }: Identified, { roles }: AdmissionPorts): Promise<Rights> {
  if (machine) return machine.rights;
  const matters = permissionOf(row) !== undefined || row.showsMoreTo !== undefined;
  if (!caller || caller.role === CUSTOMER || !matters) return NO_RIGHTS;
  return (await roles.rightsOf(caller.userId)) ?? NO_RIGHTS;
}

/** @throws DomainError 401 for who is unknown */
function authenticate({ access }: Route, { caller, machine, cart }: Identified): void {
  if (access === 'public' || caller || machine) return;
  if (access !== 'cart') throw refused('UNAUTHENTICATED', 'Sign in and send the access token.');
  if (!cart) throw refused('UNAUTHENTICATED', 'Sign in, or send the cart token as X-Cart-Token.');
}

/** What the caller lacks for this route: a permission, or to be a person; undefined when nothing. */
function lacking(row: Route, { machine }: Identified, rights: Rights): Permission | 'person' | undefined {
  const permission = permissionOf(row);
  if (permission !== undefined) return rights.permissions.includes(permission) ? undefined : permission;
  return machine && row.access !== 'public' ? 'person' : undefined;
}

const forbidden = (lack: Permission | 'person'): DomainError =>
  lack === 'person'
    ? refused('FORBIDDEN', 'An API key is no customer: sign in.')
    : new DomainError('forbidden', 'FORBIDDEN', `This needs the permission ${lack}.`, { permission: lack });
