import type { EmailAddress } from '../../domain/identity/email-address.ts';
import { User, type UserSnapshot } from '../../domain/identity/user.ts';
import { UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { accountEvent } from './account-event.ts';
import type { ChoosePassword } from './choose-password.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly choosePassword: ChoosePassword;
  readonly clock: Clock;
  readonly ids: Ids;
}

export class Register {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(command: { email: EmailAddress; password: string; name: string | null }): Promise<UserSnapshot> {
    const { unitOfWork, choosePassword, clock, ids } = this.#ports;
    const { email, name, password } = command;
    const passwordHash = await choosePassword.hash({ password, field: 'password', person: { email, name } });
    const id = UserId(ids.next());
    const user = User.register({ id, email, name, passwordHash }, { at: clock.now(), by: id });
    await unitOfWork.run(async ({ users, outbox, audit }) => {
      await users.save(user);
      await outbox.add([accountEvent('user.registered', user.snapshot())]);
      audit.add({ action: 'user.registered', outcome: 'done', subject: { type: 'user', id } });
    });
    return user.snapshot();
  }
}
