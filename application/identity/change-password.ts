import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { UserQueries } from '../ports/user-queries.ts';
import { accountEvent } from './account-event.ts';
import type { ChoosePassword } from './choose-password.ts';
import { endOtherSessions } from './end-session.ts';
import type { Guessing } from './guessing.ts';
import { isAnother } from './same-account.ts';
import { spendTokens } from './spend-tokens.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly users: UserQueries;
  readonly passwords: PasswordHasher;
  readonly choosePassword: ChoosePassword;
  readonly guessing: Guessing;
  readonly clock: Clock;
}

interface Command {
  readonly userId: UserId;
  readonly currentPassword: string;
  readonly newPassword: string;
  /** The session that this access token belongs to lives on. */
  readonly accessTokenId: string;
  readonly network: string;
}

export class ChangePassword {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(command: Command): Promise<void> {
    const { unitOfWork, users, passwords, choosePassword, guessing, clock } = this.#ports;
    const known = await users.find(command.userId);
    if (!known) throw wrong();
    // Whoever holds a stolen access token must not get more guesses here than at the door.
    await guessing.take({ email: known.email, network: command.network }, async guess => {
      if (!(await passwords.verify(command.currentPassword, known.passwordHash))) throw wrong();
      await guess.right();
    });
    const passwordHash = await choosePassword.hash({
      password: command.newPassword,
      field: 'new_password',
      person: known,
    });
    const now = clock.now();
    await unitOfWork.run(async collections => {
      const user = await collections.users.find(command.userId);
      if (!user || isAnother(user, known)) throw wrong();
      user.setPassword(passwordHash, { at: now, by: command.userId });
      await collections.users.save(user);
      await endOtherSessions(collections, command, now);
      await spendTokens(collections, { userId: command.userId, purpose: 'password-reset' }, now);
      await collections.outbox.add([accountEvent('user.password_changed', user.snapshot())]);
      const subject = { type: 'user', id: command.userId };
      collections.audit.add({ action: 'password.changed', outcome: 'done', subject });
    });
  }
}

const wrong = (): DomainError => new DomainError('forbidden', 'INVALID_CREDENTIALS', 'The current password is wrong.');
