import { madeAt } from '../../domain/shared/made-at.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { OrderWork } from '../ports/orders.ts';
import type { HeldPayment, PaymentGateway, RefundAnswer, Unknown, VoidAnswer } from '../ports/payment-gateway.ts';

interface Ports {
  readonly gateway: PaymentGateway;
  readonly orderWork: OrderWork;
  readonly clock: Clock;
  readonly logger: Logger;
}

const HOUR_MS = 3_600_000;
const SPAN_MS = 48 * HOUR_MS;
/** While a database fails over nobody can say yet what it has lost. */
const YOUNGEST_MS = HOUR_MS / 4;
const PAGE = 100;
/** A gateway that lists without an end is not followed there. */
const MOST_PAGES = 20_000;
/** As many may be lost at once, or one of so many, if that is more. */
const FEW = 10;
const ONE_OF = 100;

interface Found {
  readonly lost: readonly HeldPayment[];
  /** Without an order as well, but no younger payment has one. */
  readonly tooNew: number;
  readonly listed: number;
}

/**
 * Gives money back that the gateway holds for an order which the database has lost, as an asynchronous failover may
 * lose the last ones. An order is always committed before the gateway first hears of its payment, so that there is none
 * is the proof that it is lost: or that this is only a copy of the database, and the order lives in the other one. So
 * money goes back only when this database has taken orders since, and only when few are missing; else a person is told.
 */
export class ReturnLostMoney {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(): Promise<void> {
    const { logger } = this.#ports;
    const found = await this.#find();
    if (!found) return logger.warn('the gateway did not list all that it holds');
    const { lost, tooNew, listed } = found;
    const facts = { payments: lost.length + tooNew, of: listed };
    if (facts.payments > Math.max(FEW, listed / ONE_OF))
      return logger.error('too many payments have no order: is this the right database?', facts);
    if (tooNew > 0) logger.warn('payments have no order, and none has been placed since', facts);
    for (const payment of lost) await this.#giveBack(payment);
  }

  /** Undefined when the gateway did not tell it all. */
  async #find(): Promise<Found | undefined> {
    const { gateway, orderWork, clock } = this.#ports;
    const now = clock.now().getTime();
    const lost: HeldPayment[] = [];
    let [tooNew, listed] = [0, 0];
    let orderSince = false;
    let after: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page = await gateway.list({ since: new Date(now - SPAN_MS), after, limit: PAGE });
      if (page.outcome === 'unknown') return undefined;
      const strangers = new Set(await orderWork.withoutOrder(page.payments.map(({ ref }) => ref)));
      for (const payment of page.payments) {
        listed += 1;
        if (!strangers.has(payment.ref)) orderSince = true;
        else if (now - (madeAt(payment.ref)?.getTime() ?? now) <= YOUNGEST_MS) continue;
        else if (orderSince) lost.push(payment);
        else tooNew += 1;
      }
      if (page.next === undefined) return { lost, tooNew, listed };
      after = page.next;
    }
    return undefined;
  }

  async #giveBack(payment: HeldPayment): Promise<void> {
    const { logger } = this.#ports;
    const about = { ref: payment.ref, amount: payment.amount.toJSON() };
    try {
      const answer = await this.#return(payment);
      if (answer.outcome === 'refused')
        logger.error('money of a lost order could not be returned', { ...about, ...answer });
      else logger.warn('money of a lost order was found', { ...about, outcome: answer.outcome });
    } catch (error) {
      logger.error('money of a lost order could not be returned', { ...about, error });
    }
  }

  /** Repeated by the next round, under the same key, until the gateway lists it no more. */
  async #return({ ref, amount }: HeldPayment): Promise<VoidAnswer | RefundAnswer | Unknown> {
    const { gateway } = this.#ports;
    const voided = await gateway.void(ref);
    if (voided.outcome !== 'already_captured') return voided;
    return gateway.refund({ ref, captureId: voided.captureId, amount, key: `${ref}:refund:lost` });
  }
}
