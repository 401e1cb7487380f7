import { httpAnswers } from '../../adapters/http/answer-format.ts';
import { ChangeCart } from '../../application/cart/change-cart.ts';
import { OpenGuestCart } from '../../application/cart/open-guest-cart.ts';
import { ExpireOrder } from '../../application/checkout/expire-order.ts';
import { PlaceOrder } from '../../application/checkout/place-order.ts';
import { ReturnLostMoney } from '../../application/checkout/return-lost-money.ts';
import { SettleOrder } from '../../application/checkout/settle-order.ts';
import { TakeNotice } from '../../application/checkout/take-notice.ts';
import type { EventConsumer } from '../../application/events/event-consumer.ts';
import { LogSales } from '../../application/events/log-sales.ts';
import { OnceOnly } from '../../application/idempotency/once-only.ts';
import { ChangeStock } from '../../application/inventory/change-stock.ts';
import { CancelOrder } from '../../application/ordering/cancel-order.ts';
import { FulfilOrder } from '../../application/ordering/fulfil-order.ts';
import { RefundOrder } from '../../application/ordering/refund-order.ts';
import { ResumeOrder } from '../../application/ordering/resume-order.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { SecretTokens } from '../../application/ports/secret-tokens.ts';
import type { GatewayNotice, GatewayWebhooks } from '../../application/ports/gateway-webhooks.ts';
import { ExpireOrders } from '../../application/workers/expire-orders.ts';
import { ReadNotices } from '../../application/workers/read-notices.ts';
import { ReapRecords } from '../../application/workers/reap-records.ts';
import { ReconcileBooks } from '../../application/workers/reconcile-books.ts';
import { RecoverOrders } from '../../application/workers/recover-orders.ts';
import { RelayEvents } from '../../application/workers/relay-events.ts';
import type { VariantId } from '../../domain/shared/ids.ts';
import type { Bank } from './bank.ts';
import { loggerOf, readPort, SimulatedPatience, SimulatedUnitOfWork } from './ports.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

export interface Surroundings {
  readonly bank: Bank;
  readonly variants: readonly VariantId[];
  /** Called after every commit. */
  readonly committed: (who: string) => void;
}

/** The effect of `order.paid` that must happen exactly once: it is kept where it can be counted. */
const confirmations: EventConsumer = {
  name: 'confirmations',
  types: ['order.paid'],
  handle: ({ aggregateId, aggregateVersion }, { outbox }) =>
    outbox.add([{ type: 'order.confirmed', aggregateType: 'order', aggregateId, aggregateVersion, payload: {} }]),
};

export const GATEWAY = 'sandbox';

/** Signatures are the gateway adapter's affair; here every notice is genuine. */
const webhooks: GatewayWebhooks = {
  gateway: GATEWAY,
  read: body => JSON.parse(body.toString()) as GatewayNotice,
};

export type Shop = ReturnType<typeof openShop>;

/** The real use cases and workers, as one process has them. */
export function openShop(world: World, process: Process, { bank, ...about }: Surroundings) {
  const clock: Clock = { now: () => new Date(world.scheduler.now + process.skew) };
  const ids = { next: () => world.uuid() };
  const logger = loggerOf(world, process);
  const store = new SimulatedUnitOfWork(world, process, about);
  const onceOnly = new OnceOnly({ unitOfWork: store, leaseSeconds: world.leaseSeconds });
  const { unitOfWork } = onceOnly;
  const [orders, orderWork, ledgers, offers] = [
    readPort(world, process, world.store.orders),
    readPort(world, process, world.store.orderWork),
    readPort(world, process, world.store.ledgers),
    readPort(world, process, world.store.offers),
  ];
  const answers = httpAnswers;
  const hash = (token: string) => `hash of ${token}`;
  const secretTokens: SecretTokens = {
    next: () => world.uuid(),
    hash,
    derive: (token, key) => [`${token} with ${key}`],
    matches: (token, hashed) => hash(token) === hashed,
  };
  const gateway = bank.lineOf(process);
  const settleOrder = new SettleOrder({
    unitOfWork,
    gateway,
    answers,
    clock,
    patience: new SimulatedPatience(world, process),
  });
  const returnLostMoney = new ReturnLostMoney({ gateway, orderWork, clock, logger });
  const expireOrder = new ExpireOrder({ unitOfWork, answers, clock });
  const { holdSeconds, leaseSeconds } = world;
  const everyMs = 5000;
  return {
    clock,
    orders,
    onceOnly,
    changeCart: new ChangeCart({ unitOfWork, offers, clock, ids }),
    openGuestCart: new OpenGuestCart({ unitOfWork, secretTokens, clock, ids }),
    placeOrder: new PlaceOrder({
      unitOfWork,
      orders,
      settleOrder,
      answers,
      clock,
      ids,
      holdSeconds,
      leaseSeconds,
      mostOpenOrders: 1000,
    }),
    cancelOrder: new CancelOrder({ unitOfWork, orders, settleOrder, answers, clock }),
    refundOrder: new RefundOrder({ unitOfWork, settleOrder, clock }),
    resumeOrder: new ResumeOrder({ unitOfWork, orders, settleOrder, answers, clock }),
    fulfilOrder: new FulfilOrder({ unitOfWork, clock }),
    changeStock: new ChangeStock({ unitOfWork, clock }),
    takeNotice: new TakeNotice({ unitOfWork, gateways: [webhooks], clock }),
    workers: {
      recovery: new RecoverOrders({ unitOfWork, orders, settleOrder, clock, logger, everyMs }),
      expiry: new ExpireOrders({ orderWork, expireOrder, settleOrder, logger, everyMs }),
      inbox: new ReadNotices({ unitOfWork, orders, settleOrder, logger }),
      relay: new RelayEvents({ unitOfWork, consumers: [confirmations, new LogSales(logger)], messengers: [], logger }),
      reaper: new ReapRecords({ unitOfWork, answers, clock }),
      reconciler: new ReconcileBooks({ ledgers, orderWork, orders, settleOrder, returnLostMoney, logger }),
    },
  };
}
