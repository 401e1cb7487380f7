import { requirePassword } from '../../domain/identity/password.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { UserQueries } from '../ports/user-queries.ts';
import { endSession } from './end-session.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly users: UserQueries;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
}

interface Command {
  readonly userId: UserId;
  readonly currentPassword: string;
  readonly newPassword: string;
  /** The session that this access token belongs to lives on. */
  readonly accessTokenId: string;
}

export class ChangePassword {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(command: Command): Promise<void> {
    const { unitOfWork, users, passwords, clock } = this.#ports;
    const known = await users.find(command.userId);
    if (!known || !(await passwords.verify(command.currentPassword, known.passwordHash)))
      throw new DomainError('forbidden', 'INVALID_CREDENTIALS', 'The current password is wrong.');
    const passwordHash = await passwords.hash(requirePassword(command.newPassword, 'new_password'));
    const now = clock.now();
    await unitOfWork.run(async collections => {
      const user = (await collections.users.find(command.userId))!;
      user.setPassword(passwordHash, { at: now, by: command.userId });
      await collections.users.save(user);
      const sessions = await collections.sessions.findOpenOf(command.userId);
      const others = sessions.filter(
        session => !session.snapshot().accessTokens.some(token => token.id === command.accessTokenId),
      );
      for (const session of others) await endSession(collections, session, now);
    });
  }
}
