import type { EmailAddress } from '../../domain/identity/email-address.ts';
import type { User } from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';

export interface Users {
  find(id: UserId): Promise<User | undefined>;
  findByEmail(email: EmailAddress): Promise<User | undefined>;
  /** Adds or replaces. @throws DomainError EMAIL_TAKEN when another user has the address */
  save(user: User): Promise<void>;
}
