import type { EmailAddress } from '../../domain/identity/email-address.ts';
import { requirePassword } from '../../domain/identity/password.ts';
import { User, type UserSnapshot } from '../../domain/identity/user.ts';
import { UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
  readonly ids: Ids;
}

export class Register {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(command: { email: EmailAddress; password: string; name: string | null }): Promise<UserSnapshot> {
    const { unitOfWork, passwords, clock, ids } = this.#ports;
    const passwordHash = await passwords.hash(requirePassword(command.password));
    const id = UserId(ids.next());
    const user = User.register(
      { id, email: command.email, name: command.name, passwordHash },
      { at: clock.now(), by: id },
    );
    await unitOfWork.run(({ users }) => users.save(user));
    return user.snapshot();
  }
}
