import type { Addresses } from '../../application/ports/addresses.ts';
import type { Users } from '../../application/ports/users.ts';
import { Address } from '../../domain/identity/address.ts';
import type { EmailAddress } from '../../domain/identity/email-address.ts';
import { User } from '../../domain/identity/user.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { AddressId, UserId } from '../../domain/shared/ids.ts';
import { forgottenOrder } from './forgotten-orders.ts';
import { requireRow } from './references.ts';
import type { Drafts } from './tables.ts';

export class InMemoryUsers implements Users {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async find(id: UserId): Promise<User | undefined> {
    const row = this.#drafts.users.get(id);
    return row && User.restore(row);
  }

  async findByEmail(email: EmailAddress): Promise<User | undefined> {
    const id = this.#drafts.usersByEmail.get(email);
    return id && this.find(id);
  }

  async save(user: User): Promise<void> {
    const row = user.snapshot();
    const { users, usersByEmail } = this.#drafts;
    const owner = usersByEmail.get(row.email);
    if (owner && owner !== row.id)
      throw new DomainError('conflict', 'EMAIL_TAKEN', 'Another account has this e-mail address.');
    const before = users.get(row.id);
    if (before && before.email !== row.email) usersByEmail.delete(before.email);
    usersByEmail.set(row.email, row.id);
    users.set(row.id, row);
  }

  async administrators(): Promise<readonly UserId[]> {
    const admins = [...this.#drafts.users.values()].filter(({ role, disabled }) => role === 'admin' && !disabled);
    return admins.map(({ id }) => id).toSorted();
  }

  async erase(user: User): Promise<void> {
    const { id, email } = user.snapshot();
    const { users, usersByEmail, erasedUsers, orders, ordersByUser } = this.#drafts;
    users.delete(id);
    usersByEmail.delete(email);
    erasedUsers.set(id, id);
    for (const orderId of ordersByUser.of(id)) {
      const row = orders.get(orderId)!;
      orders.set(orderId, { ...row, order: forgottenOrder(row.order) });
    }
  }
}

export class InMemoryAddresses implements Addresses {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async find(id: AddressId, userId: UserId): Promise<Address | undefined> {
    const row = this.#drafts.addresses.get(id);
    return row?.userId === userId ? Address.restore(row) : undefined;
  }

  async count(userId: UserId): Promise<number> {
    const { addresses, addressesByUser } = this.#drafts;
    return addressesByUser.of(userId).filter(id => addresses.get(id)).length;
  }

  async save(address: Address): Promise<void> {
    const row = address.snapshot();
    const { addresses, addressesByUser, users } = this.#drafts;
    requireRow(users, row.userId, 'user');
    if (!addresses.get(row.id)) addressesByUser.append(row.userId, row.id);
    addresses.set(row.id, row);
  }

  async remove(address: Address): Promise<void> {
    this.#drafts.addresses.delete(address.snapshot().id);
  }

  async removeAllOf(userId: UserId): Promise<void> {
    for (const id of this.#drafts.addressesByUser.of(userId)) this.#drafts.addresses.delete(id);
  }
}
