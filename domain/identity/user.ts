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
  /** Since when the address is known to be theirs. */
  readonly emailVerifiedAt: Date | null;
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
    return new User({
      ...facts,
      role: facts.role ?? CUSTOMER,
      disabled: false,
      emailVerifiedAt: null,
      ...created(act),
    });
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

  /**
   * Whether the account may be erased at all: a shop that nobody administers could not be helped any more.
   * @param administrators those who are left, locked: nobody else of them goes meanwhile
   */
  requireErasable(administrators: readonly UserId[]): void {
    if (administrators.length === 1 && administrators[0] === this.#state.id)
      throw new DomainError('conflict', 'LAST_ADMINISTRATOR', 'The only administrator cannot be erased.');
  }

  /** The same password, hashed as it would be today: nothing that anybody has changed. */
  rehash(passwordHash: string): void {
    this.#state = { ...this.#state, passwordHash };
  }

  /** Somebody has read what was sent there. The first time counts. */
  verifyEmail(act: Act): void {
    if (this.#state.emailVerifiedAt) return;
    this.#state = revised({ ...this.#state, emailVerifiedAt: act.at }, act);
  }

  /** Nobody changes their own role or locks themselves out: a second administrator has to. */
  administer(changes: { role?: Role; disabled?: boolean }, act: Act): void {
    if (act.by === this.#state.id)
      throw new DomainError('forbidden', 'FORBIDDEN', 'Nobody changes their own role or access.');
    this.#state = revised({ ...this.#state, ...changes }, act);
  }
}
