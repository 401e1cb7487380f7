import type { Permission, Rights, Role } from '../../domain/identity/permissions.ts';
import { RoleBundle, type RoleSnapshot } from '../../domain/identity/role-bundle.ts';
import { notFound } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import type { Clock } from '../ports/clock.ts';
import type { Collections, UnitOfWork } from '../ports/unit-of-work.ts';

/** Who changes it, and what they may do themselves. */
interface ByWhom {
  readonly by: UserId;
  readonly rights: Rights;
}

interface Named extends ByWhom {
  readonly name: Role;
  readonly expectedVersion?: number | undefined;
}

/** Three small verbs on roles. What a role permits holds from the next request of whoever has it. */
export class ChangeRoles {
  readonly #ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock };

  constructor(ports: { unitOfWork: UnitOfWork; clock: Clock }) {
    this.#ports = ports;
  }

  async create(command: ByWhom & { name: Role; permissions: readonly Permission[] }): Promise<RoleSnapshot> {
    const { by, rights, ...facts } = command;
    const role = RoleBundle.create(facts, rights, { at: this.#ports.clock.now(), by });
    await this.#ports.unitOfWork.run(({ roles }) => roles.add(role));
    return role.snapshot();
  }

  async change(command: Named & { permissions: readonly Permission[] }): Promise<RoleSnapshot> {
    const act = { at: this.#ports.clock.now(), by: command.by };
    return this.#ports.unitOfWork.run(async ({ roles }) => {
      const role = await found(roles, command);
      role.change(command.permissions, command.rights, act);
      await roles.save(role);
      return role.snapshot();
    });
  }

  async remove(command: Named): Promise<void> {
    await this.#ports.unitOfWork.run(async ({ roles }) => {
      const role = await found(roles, command);
      role.requireRemovable(command.rights);
      await roles.remove(role);
    });
  }
}

async function found(roles: Collections['roles'], { name, expectedVersion }: Named): Promise<RoleBundle> {
  const role = await roles.find(name);
  if (!role) throw notFound('Role');
  requireVersion(role.snapshot().version, expectedVersion);
  return role;
}
