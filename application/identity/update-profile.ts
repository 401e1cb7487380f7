import type { UserSnapshot } from '../../domain/identity/user.ts';
import { accountGone } from './account-gone.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface Command {
  readonly userId: UserId;
  readonly name: string | null;
  readonly expectedVersion?: number | undefined;
}

export class UpdateProfile {
  readonly #ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock };

  constructor(ports: { unitOfWork: UnitOfWork; clock: Clock }) {
    this.#ports = ports;
  }

  async execute(command: Command): Promise<UserSnapshot> {
    const act = { at: this.#ports.clock.now(), by: command.userId };
    return this.#ports.unitOfWork.run(async ({ users }) => {
      const user = await users.find(command.userId);
      if (!user) throw accountGone();
      requireVersion(user.snapshot().version, command.expectedVersion);
      user.rename(command.name, act);
      await users.save(user);
      return user.snapshot();
    });
  }
}
