import type { Mutant } from './mutation.ts';

const SETTLE = 'application/checkout/settle-order';
const CHANGE = 'application/checkout/change-order';
const STATES = 'domain/ordering/order-states';

/** What keeps stock, carts and the states of orders right. */
export const GUARDS_OF_ORDERS: readonly Mutant[] = [
  {
    guard: 'check and reserve in one step',
    edits: [
      { file: 'adapters/in-memory/reservations', from: 'if (item && canReserve(item, quantity))', to: 'if (item)' },
    ],
  },
  {
    guard: 'quantities are added up per variant',
    edits: [
      {
        file: 'domain/cart/cart',
        from: 'known ? this.#state.lines.map(line => (line === known ? changed : line)) : [...this.#state.lines, changed]',
        to: '[...this.#state.lines, known ? { ...changed, quantity: changed.quantity - known.quantity } : changed]',
      },
      {
        file: 'adapters/in-memory/reservations',
        from: 'const item = stock.get(variantId);',
        to: 'const item = stock.get(variantId); const shelf = (lines.shelves ??= new Map()); if (!shelf.has(variantId)) shelf.set(variantId, item);',
      },
      {
        file: 'adapters/in-memory/reservations',
        from: 'item && canReserve(item, quantity)',
        to: 'item && canReserve(shelf.get(variantId), quantity)',
      },
    ],
  },
  {
    guard: 'one live order of a cart',
    edits: [
      { file: 'domain/cart/cart', from: "{ ...this.#state, status: 'CONVERTED' }", to: 'this.#state' },
      { file: 'adapters/in-memory/orders', from: 'live && live !== id', to: 'false' },
    ],
  },
  {
    guard: 'stock is pinned before the capture',
    edits: [
      {
        file: SETTLE,
        from: 'return this.#pinned(order, answer.authorizationId, answer.amount);',
        to: `{
          const { authorizationId, amount } = answer;
          const ref = order.payment.id;
          const taken = await this.#ports.gateway.capture({ ref, authorizationId, amount, key: ref + ':capture' });
          if (taken.outcome !== 'captured') return undefined;
          return changeOrder(this.#ports, order, {
            from: 'RESERVED',
            apply: (current, act) => {
              current.authorized(authorizationId, act);
              current.paid(taken.captureId, act);
            },
            stock: 'taken',
          });
        }`,
      },
      {
        file: CHANGE,
        from: 'case undefined:',
        to: "case undefined: return; case 'taken': await collections.reservations.pin(order.id); return collections.reservations.consume(order.id);",
      },
    ],
  },
  {
    guard: 'only a RESERVED order is pinned',
    edits: [
      {
        file: SETTLE,
        from: 'current.noteAuthorization(authorizationId, act)',
        to: 'current.authorized(authorizationId, act)',
      },
      {
        file: CHANGE,
        from: 'if (asAsked)\n            await moveStock',
        to: 'await moveStock',
      },
      {
        file: STATES,
        from: "CANCEL_PENDING: { released: 'CANCELLED' }",
        to: "CANCEL_PENDING: { released: 'CANCELLED', authorized: 'CAPTURE_PENDING' }",
      },
      {
        file: STATES,
        from: "CANCELLED: { 'money found': 'CANCEL_PENDING' }",
        to: "CANCELLED: { 'money found': 'CANCEL_PENDING', authorized: 'CAPTURE_PENDING' }",
      },
      { file: 'domain/inventory/reservation', from: 'RELEASED: []', to: "RELEASED: ['PINNED']" },
    ],
  },
  {
    guard: 'only a RESERVED order expires',
    edits: [
      {
        file: 'adapters/in-memory/order-work',
        from: "order.saga === 'RESERVED'",
        to: "['RESERVED', 'CAPTURE_PENDING'].includes(order.saga)",
      },
      { file: STATES, from: "captured: 'PAID',", to: "captured: 'PAID', expired: 'CANCEL_PENDING'," },
    ],
  },
];
