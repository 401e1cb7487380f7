import { isKept } from '../../application/idempotency/once-only.ts';
import type { IdempotencyClaim } from '../../application/ports/idempotency-records.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { codeOf, contentOf, type Reply } from './web.ts';
import type { World } from './world.ts';

interface Given {
  readonly claim: IdempotencyClaim;
  readonly status: number;
  readonly body: string;
}

/** These say that the answer is still to come, or was never about this request. */
const NOT_FINAL = new Set(['IDEMPOTENCY_IN_PROGRESS', 'IDEMPOTENCY_KEY_REUSED']);

/** What customers were told. It has to stay true. */
export class Promises {
  readonly #world: World;
  readonly #given = new Map<string, Given>();
  /** Every order that was ever made under a key, whatever becomes of the record of the key. */
  readonly #ordersByKey = new Map<string, OrderId[]>();

  constructor(world: World) {
    this.#world = world;
  }

  orderMade(orderId: OrderId): void {
    const key = this.#world.store.tables.idempotencyByOrder.get(orderId);
    const claim = key === undefined ? undefined : this.#world.store.tables.idempotency.get(key)?.claim;
    if (!claim) return this.#world.violate('I10', `${orderId} was made without a key`, [orderId]);
    const id = nameOf(claim);
    this.#ordersByKey.set(id, [...(this.#ordersByKey.get(id) ?? []), orderId]);
  }

  ordersOf(claim: IdempotencyClaim): readonly OrderId[] {
    return this.#ordersByKey.get(nameOf(claim)) ?? [];
  }

  /** @returns whether it was the final answer */
  told(claim: IdempotencyClaim, reply: Reply): boolean {
    if (!reply || !isKept(reply.status) || NOT_FINAL.has(codeOf(reply))) return false;
    const { status, body } = reply;
    const known = this.#given.get(nameOf(claim));
    this.#given.set(nameOf(claim), known ?? { claim, status, body });
    if (known && (known.status !== status || known.body !== body))
      this.#world.violate(
        'I10',
        `two answers for one key: ${known.status} ${codeOf(known)} and ${status} ${codeOf(reply)}`,
        [...this.ordersOf(claim), claim.owner],
      );
    return true;
  }

  /** I9 and I10 of everything that was told so far. */
  check(): void {
    for (const given of this.#given.values()) {
      if (given.status === 201) this.#checkPlaced(given);
      if (given.status >= 400) this.#checkRefused(given);
    }
  }

  #checkPlaced({ body }: Given): void {
    const { order_id: id, status } = contentOf(body).data!;
    const order = this.#world.store.tables.orders.get(id as OrderId)?.order;
    if (!order) return this.#world.violate('I9', `the acknowledged order ${id} does not exist`, [id!]);
    const paid = order.saga === 'PAID' || order.payment.state === 'CAPTURED' || order.payment.state === 'REFUNDED';
    if (status === 'PAID' && !paid) this.#world.violate('I9', `${id} was told to be PAID, but is not`, [id!]);
  }

  #checkRefused({ claim, status, body }: Given): void {
    for (const id of this.ordersOf(claim)) {
      const saga = this.#world.store.tables.orders.get(id)!.order.saga;
      if (saga !== 'CANCELLED' && saga !== 'CANCEL_PENDING')
        this.#world.violate('I10', `told ${status} ${codeOf({ status, body })}, but ${id} is ${saga}`, [
          id,
          claim.owner,
        ]);
    }
  }
}

const nameOf = ({ owner, key, fingerprint }: IdempotencyClaim): string => `${owner}\n${key}\n${fingerprint}`;
