import { type Act, type Audit, created, revised } from '../shared/audit.ts';
import { DomainError } from '../shared/domain-error.ts';
import {
  ADMIN,
  CUSTOMER,
  type Permission,
  PERMISSIONS,
  requireHeld,
  type Rights,
  type Role,
  STAFF,
} from './permissions.ts';

export interface RoleSnapshot extends Audit {
  readonly name: Role;
  readonly permissions: readonly Permission[];
  /** There from the start, and for good. */
  readonly builtIn: boolean;
}

/** What every shop begins with. */
export const BUILT_IN_ROLES: readonly Pick<RoleSnapshot, 'name' | 'permissions'>[] = [
  { name: CUSTOMER, permissions: [] },
  {
    name: STAFF,
    permissions: ['products:write', 'inventory:read', 'inventory:write', 'orders:read', 'orders:write'],
  },
  { name: ADMIN, permissions: PERMISSIONS },
];

/** A named bundle of permissions. Whoever changes one does so with rights of their own, and never beyond them. */
export class RoleBundle {
  #state: RoleSnapshot;

  private constructor(state: RoleSnapshot) {
    this.#state = state;
  }

  static create(facts: Pick<RoleSnapshot, 'name' | 'permissions'>, own: Rights, act: Act): RoleBundle {
    requireHeld(own, facts.permissions);
    return new RoleBundle({ ...facts, builtIn: false, ...created(act) });
  }

  static restore(snapshot: RoleSnapshot): RoleBundle {
    return new RoleBundle(snapshot);
  }

  snapshot(): RoleSnapshot {
    return this.#state;
  }

  change(permissions: readonly Permission[], own: Rights, act: Act): void {
    const { name } = this.#state;
    if (name === ADMIN || name === CUSTOMER) throw builtIn('What this role permits is fixed.');
    this.#requireOthers(own);
    requireHeld(own, [...this.#state.permissions, ...permissions]);
    this.#state = revised({ ...this.#state, permissions }, act);
  }

  requireRemovable(own: Rights): void {
    if (this.#state.builtIn) throw builtIn('The shop needs this role.');
    this.#requireOthers(own);
    requireHeld(own, this.#state.permissions);
  }

  #requireOthers(own: Rights): void {
    if (own.role === this.#state.name)
      throw new DomainError('forbidden', 'FORBIDDEN', 'Nobody changes the role that they have themselves.');
  }
}

const builtIn = (message: string) => new DomainError('conflict', 'ROLE_BUILT_IN', message);
