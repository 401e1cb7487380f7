import { type Act, type Audit, created, revised } from '../shared/audit.ts';
import { DomainError } from '../shared/domain-error.ts';
import type { UserId } from '../shared/ids.ts';
import type { EmailAddress } from './email-address.ts';
import { CUSTOMER, type Role } from './permissions.ts';

export interface UserSnapshot extends Audit {
  readonly id: UserId;
  readonly email: EmailAddress;
  readonly name: string | null;
  readonly passwordHash: string;
  readonly role: Role;
  readonly disabled: boolean;
}

export class User {
  #state: UserSnapshot;

  private constructor(state: UserSnapshot) {
    this.#state = state;
  }

  static register(
    facts: { id: UserId; email: EmailAddress; name: string | null; passwordHash: string; role?: Role },
    act: Act,
  ): User {
    return new User({ ...facts, role: facts.role ?? CUSTOMER, disabled: false, ...created(act) });
  }

  static restore(snapshot: UserSnapshot): User {
    return new User(snapshot);
  }

  snapshot(): UserSnapshot {
    return this.#state;
  }

  rename(name: string | null, act: Act): void {
    this.#state = revised({ ...this.#state, name }, act);
  }

  setPassword(passwordHash: string, act: Act): void {
    this.#state = revised({ ...this.#state, passwordHash }, act);
  }

  /** Nobody changes their own role or locks themselves out: a second administrator has to. */
  administer(changes: { role?: Role; disabled?: boolean }, act: Act): void {
    if (act.by === this.#state.id)
      throw new DomainError('forbidden', 'FORBIDDEN', 'Nobody changes their own role or access.');
    this.#state = revised({ ...this.#state, ...changes }, act);
  }
}
