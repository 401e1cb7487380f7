import type { Store } from '../../application/ports/store.ts';
import type { ReservationLine, ReservationState } from '../../domain/inventory/reservation.ts';
import type { DomainEvent } from '../../domain/shared/event.ts';
import type { OrderId } from '../../domain/shared/ids.ts';

/** A row of the outbox that nothing has been done with yet has `publishedAt` null and `attempts` 0. */
export interface OutboxRow {
  readonly id: string;
  readonly event: DomainEvent;
  readonly createdAt: Date;
  readonly publishedAt: Date | null;
  readonly attempts: number;
}

export interface ReservationRow extends ReservationLine {
  readonly state: ReservationState;
}

/** What no port shows, but every store must hold: the suites look at what is committed. */
export interface StoreInspection {
  /** In the order of their ids. */
  outbox(): Promise<readonly OutboxRow[]>;
  /** In ascending order of variant id; empty for an order that reserved nothing. */
  reservations(orderId: OrderId): Promise<readonly ReservationRow[]>;
  /**
   * As if so many seconds had passed: sets every time back that deadlines go by. Those are the holds and attempts of
   * orders and since when they are unsettled or cancelled, leases, when keys were completed and notices and events came,
   * were put off or done with, and when revocations end. What the domain says about times stays as it is.
   */
  age(seconds: number): Promise<void>;
}

export interface StoreUnderTest {
  /** May be another object after `clear`. */
  readonly store: Store;
  readonly inspect: StoreInspection;
  /** Empties the store: called before every test. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** What an integrator supplies to have an adapter examined. */
export interface StoreHarness {
  readonly name: string;
  /** Called once for a whole run of `storeContract`. */
  open(): Promise<StoreUnderTest>;
}
