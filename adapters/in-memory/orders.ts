import type { Clock } from '../../application/ports/clock.ts';
import type { Orders } from '../../application/ports/orders.ts';
import { cartNotOpen } from '../../domain/cart/cart.ts';
import { Order, type OrderSnapshot } from '../../domain/ordering/order.ts';
import type { SagaState } from '../../domain/ordering/order-states.ts';
import type { CartId, OrderId } from '../../domain/shared/ids.ts';
import { requireFree, requireRow } from './references.ts';
import type { Drafts } from './tables.ts';

const ENDED: ReadonlySet<SagaState> = new Set<SagaState>(['CANCEL_PENDING', 'CANCELLED']);

export class InMemoryOrders implements Orders {
  readonly #drafts: Drafts;
  readonly #clock: Clock;

  constructor(drafts: Drafts, clock: Clock) {
    this.#drafts = drafts;
    this.#clock = clock;
  }

  async find(id: OrderId): Promise<Order | undefined> {
    const row = this.#drafts.orders.get(id);
    return row && Order.restore(row.order);
  }

  async findLiveOrderOf(cartId: CartId): Promise<OrderId | undefined> {
    return this.#drafts.liveOrdersByCart.get(cartId);
  }

  async add(order: Order, holdSeconds: number): Promise<void> {
    const row = order.snapshot();
    const { orders, ordersByNumber, ordersByUser, carts, users } = this.#drafts;
    requireRow(carts, row.cartId, 'cart');
    requireRow(users, row.userId, 'user');
    if (orders.get(row.id)) throw new Error(`Order ${row.id} was added already.`);
    this.#keepOneLive(row);
    requireFree(ordersByNumber, row.number, row.id, 'order number');
    ordersByNumber.set(row.number, row.id);
    if (row.userId) ordersByUser.append(row.userId, row.id);
    const holdsUntil = new Date(this.#clock.now().getTime() + holdSeconds * 1000);
    orders.set(row.id, { order: row, holdsUntil });
  }

  async save(order: Order): Promise<void> {
    const row = order.snapshot();
    const before = this.#drafts.orders.get(row.id);
    if (!before) throw new Error(`Order ${row.id} was never added.`);
    this.#keepOneLive(row);
    this.#drafts.orders.set(row.id, { ...before, order: row });
  }

  #keepOneLive({ id, cartId, saga }: OrderSnapshot): void {
    const { liveOrdersByCart } = this.#drafts;
    const live = liveOrdersByCart.get(cartId);
    if (!ENDED.has(saga)) {
      if (live && live !== id) throw cartNotOpen(live);
      if (!live) liveOrdersByCart.set(cartId, id);
    } else if (live === id) liveOrdersByCart.delete(cartId);
  }
}
