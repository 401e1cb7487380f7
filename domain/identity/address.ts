import { type Act, type Audit, created, revised } from '../shared/audit.ts';
import type { AddressId, UserId } from '../shared/ids.ts';
import type { PostalAddress } from '../shared/postal-address.ts';

export interface AddressSnapshot extends PostalAddress, Audit {
  readonly id: AddressId;
  readonly userId: UserId;
}

/** An entry of a customer's address book. Orders keep a copy, never a reference. */
export class Address {
  #state: AddressSnapshot;

  private constructor(state: AddressSnapshot) {
    this.#state = state;
  }

  static create(facts: { id: AddressId; userId: UserId } & PostalAddress, act: Act): Address {
    return new Address({ ...facts, ...created(act) });
  }

  static restore(snapshot: AddressSnapshot): Address {
    return new Address(snapshot);
  }

  snapshot(): AddressSnapshot {
    return this.#state;
  }

  change(changes: Partial<PostalAddress>, act: Act): void {
    this.#state = revised({ ...this.#state, ...changes }, act);
  }
}
