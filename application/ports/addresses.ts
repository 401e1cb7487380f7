import type { Address } from '../../domain/identity/address.ts';
import type { AddressId, UserId } from '../../domain/shared/ids.ts';

export interface Addresses {
  /** Undefined for another customer's address, too. */
  find(id: AddressId, userId: UserId): Promise<Address | undefined>;
  count(userId: UserId): Promise<number>;
  save(address: Address): Promise<void>;
  remove(address: Address): Promise<void>;
  removeAllOf(userId: UserId): Promise<void>;
}
