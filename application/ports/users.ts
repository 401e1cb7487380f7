import type { EmailAddress } from '../../domain/identity/email-address.ts';
import type { User } from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';

export interface Users {
  find(id: UserId): Promise<User | undefined>;
  findByEmail(email: EmailAddress): Promise<User | undefined>;
  /** Adds or replaces. @throws DomainError EMAIL_TAKEN when another user has the address */
  save(user: User): Promise<void>;
  /** Who is administrator and neither locked out nor erased, all of them locked, in ascending order. */
  administrators(): Promise<readonly UserId[]>;
  /**
   * From now on nobody can tell who this was, not even with a backup of the store: name and address are gone, what orders
   * knew of where they went reads null, and the e-mail address may be registered anew. Found by nobody any more; what
   * points at the user still may.
   */
  erase(user: User, at: Date): Promise<void>;
}
