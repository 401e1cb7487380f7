import type { RoleQueries, Roles } from '../../application/ports/roles.ts';
import { permissionsOf, type Rights, type Role } from '../../domain/identity/permissions.ts';
import { BUILT_IN_ROLES, RoleBundle, type RoleSnapshot } from '../../domain/identity/role-bundle.ts';
import { created } from '../../domain/shared/audit.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { compareText } from './paging.ts';
import { Table } from './table.ts';
import type { Drafts, View } from './tables.ts';

/** The roles that every shop begins with. */
export function rolesTable(): Table<Role, RoleSnapshot> {
  const table = new Table<Role, RoleSnapshot>();
  const audit = created({ at: new Date(0), by: null });
  table.apply(new Map(BUILT_IN_ROLES.map(role => [role.name, { ...role, builtIn: true, ...audit }])));
  return table;
}

export class InMemoryRoles implements Roles {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async find(name: Role): Promise<RoleBundle | undefined> {
    const row = this.#drafts.roles.get(name);
    return row && RoleBundle.restore(row);
  }

  async add(role: RoleBundle): Promise<void> {
    if (this.#drafts.roles.get(role.snapshot().name))
      throw new DomainError('conflict', 'ROLE_TAKEN', 'There is a role of this name.');
    return this.save(role);
  }

  async save(role: RoleBundle): Promise<void> {
    const row = role.snapshot();
    this.#drafts.roles.set(row.name, row);
  }

  async remove(role: RoleBundle): Promise<void> {
    const { name } = role.snapshot();
    for (const user of this.#drafts.users.values())
      if (user.role === name) throw new DomainError('conflict', 'ROLE_IN_USE', 'Somebody has this role.');
    this.#drafts.roles.delete(name);
  }
}

export class InMemoryRoleQueries implements RoleQueries {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async list(): Promise<readonly RoleSnapshot[]> {
    return [...this.#view.roles.values()].toSorted((a, b) => compareText(a.name, b.name));
  }

  async rightsOf(userId: UserId): Promise<Rights | undefined> {
    return rightsOf(this.#view, userId);
  }
}

export function rightsOf(view: View, userId: UserId): Rights | undefined {
  const user = view.users.get(userId);
  const role = user && view.roles.get(user.role);
  if (!role || user.disabled) return undefined;
  return { role: role.name, permissions: permissionsOf(role.name, role.permissions) };
}
