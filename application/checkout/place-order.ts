import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import { DomainError, invalidValue } from '../../domain/shared/domain-error.ts';
import { type AddressId, OrderId, PaymentId } from '../../domain/shared/ids.ts';
import type { Money } from '../../domain/shared/money.ts';
import type { PostalAddress } from '../../domain/shared/postal-address.ts';
import type { CartKey } from '../cart/cart-key.ts';
import { isKept, type OnceOnlyAnswer, replay } from '../idempotency/once-only.ts';
import type { AnswerFormat } from '../ports/answer-format.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClaimResult, IdempotencyClaim, StoredAnswer } from '../ports/idempotency-records.ts';
import type { Ids } from '../ports/ids.ts';
import type { OrderQueries } from '../ports/order-queries.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { checkoutAnswer } from './checkout-answer.ts';
import { openCheckout } from './open-checkout.ts';
import type { Settled, SettleOrder } from './settle-order.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly orders: OrderQueries;
  readonly settleOrder: SettleOrder;
  readonly answers: AnswerFormat;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly holdSeconds: number;
  readonly mostOpenOrders: number;
  readonly leaseSeconds: number;
}

export interface PlaceOrderCommand {
  readonly cart: CartKey;
  readonly paymentMethod: string;
  readonly shipTo: PostalAddress | { readonly addressId: AddressId };
  /** Of a guest. */
  readonly email: string | null;
  /** What the customer believes to pay; another total is refused. */
  readonly expectedTotal?: Money | undefined;
  readonly claim: IdempotencyClaim;
}

/** Either a new order is ours to settle, or somebody was here with this key before. */
type Opened = { readonly order: OrderSnapshot } | { readonly found: ClaimResult } | { readonly refusal: StoredAnswer };

/**
 * Turns a cart into an order: one unit of work claims the key, closes the cart, writes the order and holds the stock.
 * Then the money: that is `SettleOrder`, which anybody can carry on if this process dies.
 */
export class PlaceOrder {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(command: PlaceOrderCommand): Promise<OnceOnlyAnswer> {
    const { settleOrder, orders } = this.#ports;
    if (!('userId' in command.cart) && !command.email) throw invalidValue('email', 'is required without an account');
    const opened = await this.#open(command);
    if ('order' in opened)
      return this.#answer(command, await settleOrder.settleWhileWaiting(opened.order, 'first attempt'));
    if ('refusal' in opened) return { answer: opened.refusal, replayed: false };
    if (opened.found.kind !== 'resume') return replay(opened.found);
    const order = await orders.find(opened.found.orderId);
    return this.#answer(command, await settleOrder.settleWhileWaiting(order!));
  }

  async #open(command: PlaceOrderCommand): Promise<Opened> {
    const { unitOfWork, clock, ids, holdSeconds, mostOpenOrders, leaseSeconds } = this.#ports;
    const opening = {
      command,
      orderId: OrderId(ids.next()),
      paymentId: PaymentId(ids.next()),
      holdSeconds,
      mostOpenOrders,
      act: { at: clock.now(), by: 'userId' in command.cart ? command.cart.userId : null },
    };
    try {
      return await unitOfWork.run(async (collections): Promise<Opened> => {
        const found = await collections.idempotency.claim(command.claim, leaseSeconds);
        return found.kind === 'claimed' ? { order: await openCheckout(collections, opening) } : { found };
      });
    } catch (error) {
      if (error instanceof DomainError) return this.#refuse(command.claim, error);
      throw error;
    }
  }

  /**
   * So that the same key gives the same refusal again. The unit of work that refused has left nothing behind, not even
   * the claim; a crash in between only means that the question is asked anew.
   */
  async #refuse(claim: IdempotencyClaim, error: DomainError): Promise<Opened> {
    const { unitOfWork, answers, clock, leaseSeconds } = this.#ports;
    const refusal = answers.refused(error, claim.requestId, clock.now());
    if (!isKept(refusal.status)) throw error;
    return unitOfWork.run(async ({ idempotency }) => {
      const found = await idempotency.claim(claim, leaseSeconds);
      return found.kind === 'claimed' ? { refusal: await idempotency.complete(claim, refusal) } : { found };
    });
  }

  /** Says what is stored, whoever stored it: another runner may have finished the order first. */
  async #answer({ claim }: PlaceOrderCommand, { order, answer }: Settled): Promise<OnceOnlyAnswer> {
    const { unitOfWork, answers } = this.#ports;
    const stored =
      answer ??
      (await unitOfWork.run(({ idempotency }) =>
        idempotency.complete(claim, checkoutAnswer(answers, order, claim.requestId)),
      ));
    return { answer: stored, replayed: false };
  }
}
