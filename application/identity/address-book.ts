import { Address, type AddressSnapshot } from '../../domain/identity/address.ts';
import { DomainError, notFound } from '../../domain/shared/domain-error.ts';
import { accountGone } from './account-gone.ts';
import { AddressId, type UserId } from '../../domain/shared/ids.ts';
import type { PostalAddress } from '../../domain/shared/postal-address.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Collections, UnitOfWork } from '../ports/unit-of-work.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly ids: Ids;
}

interface Entry {
  readonly userId: UserId;
  readonly addressId: AddressId;
  readonly expectedVersion?: number | undefined;
}

const MOST_ADDRESSES = 50;

/** Three small verbs on one customer's addresses; another customer's are not found. */
export class AddressBook {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async add(command: { userId: UserId; address: PostalAddress }): Promise<AddressSnapshot> {
    const { unitOfWork, clock, ids } = this.#ports;
    const { userId } = command;
    const facts = { id: AddressId(ids.next()), userId, ...command.address };
    const address = Address.create(facts, { at: clock.now(), by: userId });
    await unitOfWork.run(async ({ users, addresses }) => {
      // Locked, so that two additions at once cannot both be the last that fits, and none comes after the account is gone.
      if (!(await users.find(userId))) throw accountGone();
      if ((await addresses.count(userId)) >= MOST_ADDRESSES)
        throw new DomainError(
          'invalid',
          'RULE_VIOLATION',
          `An address book holds at most ${MOST_ADDRESSES} addresses.`,
        );
      await addresses.save(address);
    });
    return address.snapshot();
  }

  async change(command: Entry & { changes: Partial<PostalAddress> }): Promise<AddressSnapshot> {
    const { unitOfWork, clock } = this.#ports;
    return unitOfWork.run(async ({ addresses }) => {
      const address = await found(addresses, command);
      address.change(command.changes, { at: clock.now(), by: command.userId });
      await addresses.save(address);
      return address.snapshot();
    });
  }

  async remove(command: Entry): Promise<void> {
    await this.#ports.unitOfWork.run(async ({ addresses }) => addresses.remove(await found(addresses, command)));
  }
}

async function found(
  addresses: Collections['addresses'],
  { addressId, userId, expectedVersion }: Entry,
): Promise<Address> {
  const address = await addresses.find(addressId, userId);
  if (!address) throw notFound('Address');
  requireVersion(address.snapshot().version, expectedVersion);
  return address;
}
