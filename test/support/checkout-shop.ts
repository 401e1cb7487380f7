import { createInMemoryStore } from '../../adapters/in-memory/store.ts';
import { SandboxBank } from '../../adapters/payments/sandbox-bank.ts';
import { SandboxGateway } from '../../adapters/payments/sandbox-gateway.ts';
import { ExpireOrder } from '../../application/checkout/expire-order.ts';
import { PlaceOrder, type PlaceOrderCommand } from '../../application/checkout/place-order.ts';
import { ReturnLostMoney } from '../../application/checkout/return-lost-money.ts';
import { SettleOrder } from '../../application/checkout/settle-order.ts';
import { TakeNotice } from '../../application/checkout/take-notice.ts';
import type { EventConsumer } from '../../application/events/event-consumer.ts';
import type { EventMessenger } from '../../application/events/event-messenger.ts';
import type { OnceOnlyAnswer } from '../../application/idempotency/once-only.ts';
import { CancelOrder } from '../../application/ordering/cancel-order.ts';
import { FulfilOrder } from '../../application/ordering/fulfil-order.ts';
import { RefundOrder } from '../../application/ordering/refund-order.ts';
import { ResumeOrder } from '../../application/ordering/resume-order.ts';
import type { AnswerFormat } from '../../application/ports/answer-format.ts';
import type { GatewayWebhooks } from '../../application/ports/gateway-webhooks.ts';
import type { Patience } from '../../application/ports/patience.ts';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import { ExpireOrders } from '../../application/workers/expire-orders.ts';
import { ReadNotices } from '../../application/workers/read-notices.ts';
import { ReapRecords } from '../../application/workers/reap-records.ts';
import { ReconcileBooks } from '../../application/workers/reconcile-books.ts';
import { RecoverOrders } from '../../application/workers/recover-orders.ts';
import { RelayEvents } from '../../application/workers/relay-events.ts';
import { WatchBacklog } from '../../application/workers/watch-backlog.ts';
import type { Product } from '../../domain/catalog/product.ts';
import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { OrderId, UserId } from '../../domain/shared/ids.ts';
import { aCart, ACT, nextId, NOON, POSTAL_ADDRESS, variantOf } from './builders.ts';
import { ENDLESS } from './patience.ts';
import { GatewayLine } from './gateway-line.ts';
import { addProduct } from './stocking.ts';

export const HOLD_SECONDS = 900;
export const LEASE_SECONDS = 30;

const STATUS = { invalid: 422, 'not-found': 404, conflict: 409, forbidden: 403 } as const;

const answers: AnswerFormat = {
  placed: ({ id, state }) => ({ status: 201, body: JSON.stringify({ id, state }) }),
  refused: ({ kind, code, details }, requestId) => ({
    status: code === 'PAYMENT_DECLINED' ? 402 : STATUS[kind],
    body: JSON.stringify({ code, details, requestId }),
  }),
};

/** What the shop says about itself. */
export interface Said {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface ShopGiven {
  readonly patience?: Patience;
  readonly consumers?: readonly EventConsumer[];
  readonly messengers?: readonly EventMessenger[];
  readonly webhooks?: readonly GatewayWebhooks[];
}

/** A shop in memory with a sandbox bank, whose clock and whose line to the bank obey the test. */
export function openCheckoutShop({
  patience = ENDLESS,
  consumers = [],
  messengers = [],
  webhooks = [],
}: ShopGiven = {}) {
  let now = NOON.getTime();
  const clock = { now: () => new Date(now) };
  const said: Said[] = [];
  const say =
    (level: Said['level']) =>
    (message: string, fields: Said['fields'] = {}) =>
      void said.push({ level, message, fields });
  const logger = { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') };
  const store = createInMemoryStore({ clock });
  const bank = new SandboxBank();
  const line = new GatewayLine(new SandboxGateway({ bank, logger, delay: () => Promise.resolve() }));

  /** One process: its own use cases and workers, on the store and the bank that all share. */
  const startProcess = (unitOfWork: UnitOfWork = store.unitOfWork) => {
    const common = { unitOfWork, orders: store.orders, answers, clock, logger, everyMs: 5000 };
    const settleOrder = new SettleOrder({ ...common, gateway: line, patience });
    const ports = { ...common, settleOrder };
    const expireOrder = new ExpireOrder(ports);
    return {
      settleOrder,
      expireOrder,
      placeOrder: new PlaceOrder({
        ...ports,
        ids: { next: nextId },
        holdSeconds: HOLD_SECONDS,
        mostOpenOrders: 3,
        leaseSeconds: LEASE_SECONDS,
      }),
      cancelOrder: new CancelOrder(ports),
      refundOrder: new RefundOrder(ports),
      resumeOrder: new ResumeOrder(ports),
      fulfilOrder: new FulfilOrder(ports),
      takeNotice: new TakeNotice({ unitOfWork, gateways: webhooks, clock }),
      recovery: new RecoverOrders(ports),
      expiry: new ExpireOrders({ ...ports, orderWork: store.orderWork, expireOrder }),
      inbox: new ReadNotices(ports),
      relay: new RelayEvents({ ...ports, consumers, messengers }),
      reaper: new ReapRecords(ports),
      lookout: new WatchBacklog({ ledgers: store.ledgers, logger, holdSeconds: HOLD_SECONDS }),
      reconciler: new ReconcileBooks({
        ...ports,
        orderWork: store.orderWork,
        ledgers: store.ledgers,
        returnLostMoney: new ReturnLostMoney({ ...ports, gateway: line, orderWork: store.orderWork }),
      }),
    };
  };

  const run: UnitOfWork['run'] = work => store.unitOfWork.run(work);
  let carts = 0;

  return {
    store,
    bank,
    line,
    said,
    run,
    startProcess,
    ...startProcess(),
    pass: (seconds: number) => void (now += seconds * 1000),
    stock: (units: number): Promise<Product> => addProduct(run, { stock: units }),
    /** What is said at this level, without what it is about. */
    saidAt: (level: Said['level']): string[] => said.filter(one => one.level === level).map(({ message }) => message),

    /** Fills a guest's cart; resolves to the command that checks it out. */
    async order(product: Product, { quantity = 1, method = 'tok_ok', userId }: OrderGiven = {}) {
      carts += 1;
      const tokenHash = userId ? null : `cart-${carts}`;
      const lines = [{ variantId: variantOf(product), quantity }];
      await run(collections => collections.carts.save(aCart({ tokenHash, ...(userId && { userId }), lines }, ACT)));
      const key = `key-${carts}`;
      return {
        cart: userId ? { userId } : { tokenHash: tokenHash! },
        paymentMethod: method,
        shipTo: POSTAL_ADDRESS,
        email: userId ? null : 'ada@example.com',
        claim: { owner: tokenHash ?? `user:${userId}`, key, fingerprint: key, requestId: `request-${carts}` },
      } satisfies PlaceOrderCommand;
    },

    /** The only order there is, or the last one. */
    async lastOrder(): Promise<OrderSnapshot> {
      const { items } = await store.orders.list({}, { limit: 1 });
      return items[0]!;
    },

    find: async (id: OrderId): Promise<OrderSnapshot> => (await store.orders.find(id))!,

    /** Such as "held 2999, captured 2999". */
    statement: ({ payment }: OrderSnapshot): string =>
      bank
        .movements(payment.id)
        .map(({ kind, amount }) => `${kind} ${amount.amount}`)
        .join(', '),

    async levelOf(product: Product): Promise<{ onHand: number; reserved: number }> {
      const { onHand, reserved } = (await store.inventory.find(variantOf(product)))!;
      return { onHand, reserved };
    },

    async cartStatus({ cartId }: OrderSnapshot): Promise<string | undefined> {
      return (await run(({ carts: all }) => all.find(cartId)))?.snapshot().status;
    },

    /** The types of the events that are stored, in order. */
    events: (): string[] => [...store.tables.outbox.values()].map(row => row.event.type),
  };
}

interface OrderGiven {
  readonly quantity?: number;
  readonly method?: string;
  readonly userId?: UserId;
}

export type CheckoutShop = ReturnType<typeof openCheckoutShop>;

/** Somebody at the bank takes the money that is held, and nobody tells the shop. */
export function captureByHand({ bank }: CheckoutShop, { payment: { id: ref, amount } }: OrderSnapshot): void {
  const held = bank.lookup(ref).answer;
  if (held.outcome !== 'authorized') throw new Error(`The money was expected to be held, not ${held.outcome}.`);
  bank.capture({ ref, amount, authorizationId: held.authorizationId, key: 'by hand' });
}

/** Such as "201 PAID" or "402 PAYMENT_DECLINED". */
export function toldTo({ answer }: OnceOnlyAnswer): string {
  const { state, code } = JSON.parse(answer.body) as { state?: string; code?: string };
  return `${answer.status} ${state ?? code}`;
}
