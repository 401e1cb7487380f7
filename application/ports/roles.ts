import type { Rights, Role } from '../../domain/identity/permissions.ts';
import type { RoleBundle, RoleSnapshot } from '../../domain/identity/role-bundle.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** The built-in roles are there from the start. */
export interface Roles {
  find(name: Role): Promise<RoleBundle | undefined>;
  /** Adds a new one. @throws DomainError ROLE_TAKEN when there is one of this name */
  add(role: RoleBundle): Promise<void>;
  save(role: RoleBundle): Promise<void>;
  /** @throws DomainError ROLE_IN_USE when somebody has it */
  remove(role: RoleBundle): Promise<void>;
}

export interface RoleQueries {
  /** By name. */
  list(): Promise<readonly RoleSnapshot[]>;
  /**
   * What somebody may do at this moment; undefined for who is disabled, erased or was never there. Asked on each request
   * that needs a permission, so an answer must be cheap; it is never an old one, and rejects rather than guess.
   */
  rightsOf(userId: UserId): Promise<Rights | undefined>;
}
