import type { Movement } from '../../adapters/payments/sandbox-account.ts';
import type { OrderRow } from '../../adapters/in-memory/tables.ts';
import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import { refundedOf } from '../../domain/payments/payment.ts';
import type { OrderId, PaymentId } from '../../domain/shared/ids.ts';
import type { Bank } from './bank.ts';
import type { Promises } from './promises.ts';
import type { World } from './world.ts';

/** Reasons of the shop's own; a customer or staff give others. */
const BY_ITSELF = new Set(['expired', 'payment_declined', 'capture_refused']);

/** What must be true after every step: whenever something was committed, and whenever money moved at the bank. */
export class Invariants {
  readonly #world: World;
  readonly #bank: Bank;
  readonly #promises: Promises;
  readonly #seen = new Map<OrderId, OrderRow>();

  constructor(world: World, bank: Bank, promises: Promises) {
    this.#world = world;
    this.#bank = bank;
    this.#promises = promises;
  }

  readonly committed = (who: string): void => {
    this.#checkStock();
    for (const [id, row] of this.#world.store.tables.orders.entries()) {
      const before = this.#seen.get(id);
      if (before === row) continue;
      this.#seen.set(id, row);
      if (!before) this.#welcome(row.order);
      if (this.#world.story) this.#tell(who, row.order, before?.order);
      this.#checkOrder(row.order);
    }
    this.#checkCarts();
  };

  /** I5 and I11 the moment they are broken, and: no capture of an order whose stock is not pinned. */
  moved(ref: PaymentId, { kind, amount }: Movement): void {
    const { tables } = this.#world.store;
    const id = tables.ordersByPayment.get(ref);
    const order = id && tables.orders.get(id)?.order;
    if (!order) return this.#world.violate('I5', `money ${kind} for a payment that was never committed`, [ref]);
    if (kind !== 'captured') return this.#checkMoney(order);
    const state = tables.reservations.get(order.id)?.state;
    if (state !== 'PINNED' && state !== 'CONSUMED')
      this.#world.violate('I6', `captured ${amount.toDecimal()} for ${id}, whose stock is ${state}`, [order.id]);
    if (!amount.equals(order.totals.total))
      this.#world.violate('I5', `captured ${amount.toDecimal()} for ${id}, which is not its total`, [order.id]);
    this.#checkMoney(order);
  }

  /** I1: never more reserved than on hand. I2: reserved is what orders hold. I3: on hand is what the ledger says. */
  #checkStock(): void {
    const { stock, reservations, ledger } = this.#world.store.tables;
    for (const { variantId, onHand, reserved } of stock.values()) {
      if (onHand < 0 || reserved < 0 || reserved > onHand)
        this.#world.violate('I1', `${variantId}: on hand ${onHand}, reserved ${reserved}`, [variantId]);
      let held = 0;
      for (const { state, lines } of reservations.values())
        if (state === 'HELD' || state === 'PINNED')
          for (const line of lines) if (line.variantId === variantId) held += line.quantity;
      if (held !== reserved)
        this.#world.violate('I2', `${variantId}: reserved ${reserved}, but orders hold ${held}`, [variantId]);
      let booked = 0;
      for (const { delta } of ledger.of(variantId)) booked += delta;
      if (booked !== onHand)
        this.#world.violate('I3', `${variantId}: on hand ${onHand}, but the ledger says ${booked}`, [variantId]);
    }
  }

  #checkCarts(): void {
    const live = new Map<string, OrderId>();
    for (const { order } of this.#world.store.tables.orders.values()) {
      if (order.saga === 'CANCEL_PENDING' || order.saga === 'CANCELLED') continue;
      const other = live.get(order.cartId);
      if (other) this.#world.violate('I4', `${other} and ${order.id} are live orders of one cart`, [other, order.id]);
      live.set(order.cartId, order.id);
    }
  }

  #checkOrder(order: OrderSnapshot): void {
    const { id, saga, items, totals, payment } = order;
    const { reservations, outboxByDedupeKey } = this.#world.store.tables;
    const state = reservations.get(id)?.state;
    const told = outboxByDedupeKey.get(`paid:${id}`) !== undefined;
    const sold = state === 'CONSUMED';
    if (saga === 'PAID' && !sold) this.#world.violate('I6', `${id} is PAID, but its stock is ${state}`, [id]);
    if (sold) this.#checkSold(order);
    if (saga === 'PAID' && payment.state !== 'CAPTURED' && payment.state !== 'REFUNDED')
      this.#world.violate('I6', `${id} is PAID, but its payment is ${payment.state}`, [id]);
    if (saga === 'PAID' && this.#bank.isMistakenAbout(payment.id))
      this.#world.violate('I5', `${id} is PAID, though the bank named a wrong amount`, [id]);
    if (told !== (saga === 'PAID' || sold))
      this.#world.violate('I7', `${id} is ${saga}, and order.paid is ${told ? '' : 'not '}stored`, [id]);
    const sum = items.reduce((total, item) => total + item.quantity * item.unitPrice.amount, 0);
    if (sum !== totals.items.amount || totals.total.amount !== sum || payment.amount.amount !== sum)
      this.#world.violate('I8', `the totals of ${id} do not add up`, [id]);
    if (refundedOf(payment).isMoreThan(payment.amount))
      this.#world.violate('I8', `more than was paid goes back for ${id}`, [id]);
    this.#checkMoney(order);
  }

  /** Of each variant exactly what was ordered has left the shop, by one line of the ledger. */
  #checkSold({ id, items }: OrderSnapshot): void {
    const { ledger } = this.#world.store.tables;
    for (const { variantId, quantity } of items) {
      const sales = ledger.of(variantId).filter(({ kind, refId }) => kind === 'SALE' && refId === id);
      const returns = ledger.of(variantId).filter(({ kind, refId }) => kind === 'RETURN' && refId === id);
      if (sales.length !== 1 || sales[0]!.delta !== -quantity)
        this.#world.violate('I6', `${id} has ${sales.length} sales of ${quantity} units of ${variantId}`, [id]);
      if (returns.length > 1 || (returns[0] && returns[0].delta !== quantity))
        this.#world.violate('I6', `${id} has ${returns.length} returns of ${variantId}`, [id]);
    }
  }

  /** By the bank's own ledger. */
  #checkMoney({ id, saga, cancelReason, totals, payment }: OrderSnapshot): void {
    const captured = this.#bank.sum(payment.id, 'captured');
    const refunded = this.#bank.sum(payment.id, 'refunded');
    if (captured > totals.total.amount) this.#world.violate('I5', `${captured} were captured for ${id}`, [id]);
    if (saga === 'PAID' && captured !== totals.total.amount)
      this.#world.violate('I6', `${id} is PAID, but ${captured} were captured`, [id]);
    if (refunded > captured) this.#world.violate('I8', `${refunded} of ${captured} went back for ${id}`, [id]);
    if (captured > 0 && cancelReason && BY_ITSELF.has(cancelReason))
      this.#world.violate('I11', `${captured} were captured for ${id}, which is cancelled: ${cancelReason}`, [id]);
  }

  #welcome(order: OrderSnapshot): void {
    this.#world.story?.name(order.id, `order ${this.#seen.size}`);
    this.#world.story?.name(order.payment.id, `order ${this.#seen.size}`);
    this.#promises.orderMade(order.id);
  }

  #tell(who: string, after: OrderSnapshot, before: OrderSnapshot | undefined): void {
    const states = ({ state, saga, payment }: OrderSnapshot) =>
      `${state}/${saga}/${payment.state}${payment.refunds.map(refund => `/refund ${refund.state}`).join('')}`;
    const from = before && states(before);
    if (from === states(after)) return;
    const stock = this.#world.store.tables.reservations.get(after.id)?.state;
    const text = `commits: ${after.id} ${from ? `${from} → ` : ''}${states(after)}, stock ${stock}`;
    this.#world.tell(who, text, after.id, after.payment.id, after.userId, after.cartId);
  }
}
