import type { RoleQueries, Roles } from '../../application/ports/roles.ts';
import { permissionsOf, type Rights, type Role } from '../../domain/identity/permissions.ts';
import { RoleBundle, type RoleSnapshot } from '../../domain/identity/role-bundle.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { refusing } from './errors.ts';
import { type AuditRow, auditOf, auditRow } from './rows.ts';
import { insert, type Query, sql, upsert } from './sql.ts';

interface RoleRow extends AuditRow {
  readonly name: Role;
  readonly permissions: readonly string[];
  readonly built_in: boolean;
}

export class KnexRoles implements Roles {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(name: Role): Promise<RoleBundle | undefined> {
    const [row] = await this.#query<RoleRow>(sql`SELECT * FROM roles WHERE name = ${name} FOR NO KEY UPDATE`);
    return row && RoleBundle.restore(roleOf(row));
  }

  async add(role: RoleBundle): Promise<void> {
    await this.#query(insert('roles', [rowOf(role.snapshot())])).catch(refusing({ roles_pkey: roleTaken }));
  }

  async save(role: RoleBundle): Promise<void> {
    await this.#query(upsert('roles', 'name', [rowOf(role.snapshot())]));
  }

  async remove(role: RoleBundle): Promise<void> {
    const { name } = role.snapshot();
    await this.#query(sql`DELETE FROM roles WHERE name = ${name}`).catch(refusing({ users_role_known: roleInUse }));
  }
}

export class KnexRoleQueries implements RoleQueries {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async list(): Promise<readonly RoleSnapshot[]> {
    return (await this.#query<RoleRow>(sql`SELECT * FROM roles ORDER BY name COLLATE "C"`)).map(roleOf);
  }

  async rightsOf(userId: UserId): Promise<Rights | undefined> {
    const [row] = await this.#query<{ name: Role; permissions: readonly string[] }>(sql`
      SELECT r.name, r.permissions FROM users u JOIN roles r ON r.name = u.role
       WHERE u.id = ${userId} AND NOT u.disabled AND u.deleted_at IS NULL`);
    return row && { role: row.name, permissions: permissionsOf(row.name, row.permissions) };
  }
}

const roleOf = (row: RoleRow): RoleSnapshot => ({
  name: row.name,
  permissions: permissionsOf(row.name, row.permissions),
  builtIn: row.built_in,
  ...auditOf(row),
});

const rowOf = (role: RoleSnapshot): RoleRow => ({
  name: role.name,
  permissions: role.permissions,
  built_in: role.builtIn,
  ...auditRow(role),
});

const roleTaken = () => new DomainError('conflict', 'ROLE_TAKEN', 'There is a role of this name.');

const roleInUse = () => new DomainError('conflict', 'ROLE_IN_USE', 'Somebody has this role.');
