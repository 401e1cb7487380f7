import { expect } from 'chai';
import { httpAnswers } from '../../../adapters/http/answer-format.ts';
import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import { PlaceOrder } from '../../../application/checkout/place-order.ts';
import { SettleOrder } from '../../../application/checkout/settle-order.ts';
import { ChangeCart } from '../../../application/cart/change-cart.ts';
import { OrderId, type UserId } from '../../../domain/shared/ids.ts';
import { ENDLESS } from '../../support/patience.ts';
import { nextId, NOON, POSTAL_ADDRESS, variantOf } from '../../support/builders.ts';
import { addProduct, addUserId } from '../../support/stocking.ts';
import { aPayment, aStripe } from './stripe-harness.ts';

const METHOD = 'pm_card_authenticationRequired';

/** A shop in memory that is paid by Stripe, and an order of one mug. */
async function anOrder(stripe: Awaited<ReturnType<typeof aStripe>>) {
  const { gateway } = stripe;
  const clock = { now: () => NOON };
  const ids = { next: nextId };
  const { unitOfWork, orders, offers } = createInMemoryStore({ clock });
  const settleOrder = new SettleOrder({ unitOfWork, gateway, answers: httpAnswers, clock, patience: ENDLESS });
  const limits = { holdSeconds: 900, leaseSeconds: 30, mostOpenOrders: 3 };
  const placeOrder = new PlaceOrder({ unitOfWork, orders, settleOrder, answers: httpAnswers, clock, ids, ...limits });
  const run: typeof unitOfWork.run = work => unitOfWork.run(work);
  const userId: UserId = await addUserId(run);
  const variantId = variantOf(await addProduct(run));
  await new ChangeCart({ unitOfWork, offers, clock, ids }).add({ key: { userId }, variantId, quantity: 1 });
  const claim = { owner: `user:${userId}`, key: nextId(), fingerprint: 'the same', requestId: 'request-1' };
  const command = { cart: { userId }, shipTo: POSTAL_ADDRESS, email: null, paymentMethod: METHOD, claim };
  const { answer } = await placeOrder.execute(command);
  const { data } = JSON.parse(answer.body) as { data: { order_id: string } };
  const id = OrderId(data.order_id);
  const find = async () => (await orders.find(id))!;
  const settle = async () => (await settleOrder.settle(await find())).order;
  return { answer, find, settle };
}

describe('3-D Secure with Stripe', () => {
  let stripe: Awaited<ReturnType<typeof aStripe>>;

  beforeEach(async () => {
    stripe = await aStripe();
  });

  afterEach(() => stripe.server.close());

  it('leaves the order pending, with the client secret for the page of the shop, and it is paid afterwards', async () => {
    const { answer, find, settle } = await anOrder(stripe);
    const { state, payment } = await find();
    expect(answer.status).to.equal(201);
    expect(state).to.equal('PENDING');
    const clientSecret = 'pi_local1_secret_local';
    expect(payment.action).to.deep.equal({ type: 'three_d_secure', clientSecret, url: null });
    expect(await settle()).to.include({ state: 'PENDING' });
    stripe.server.bank.authenticate(payment.id, true);
    expect(await settle()).to.include({ state: 'PAID' });
    expect(stripe.server.movements(payment.id).map(({ kind }) => kind)).to.deep.equal(['held', 'captured']);
  });

  it('declines the order of a customer who fails', async () => {
    const { find, settle } = await anOrder(stripe);
    const { payment } = await find();
    stripe.server.bank.authenticate(payment.id, false);
    const order = await settle();
    expect(order).to.include({ state: 'CANCELLED' });
    expect(order.payment.declineReason).to.equal('payment_intent_authentication_failure');
    expect(stripe.server.movements(payment.id)).to.deep.equal([]);
  });

  it('sends the customer to his bank when there is a page for him to come back to', async () => {
    const { gateway, server } = await aStripe({ returnUrl: 'https://shop.example/thanks' });
    const payment = aPayment(gateway, METHOD);
    const action = {
      type: 'redirect',
      clientSecret: 'pi_local1_secret_local',
      url: 'https://hooks.stripe.test/3d_secure/pi_local1',
    };
    expect(await payment.authorize()).to.deep.equal({ outcome: 'requires_action', action });
    expect(await payment.lookup()).to.deep.equal({ outcome: 'requires_action', action });
    const confirmed = server.requests.find(({ endpoint }) => endpoint === 'confirm')?.fields;
    expect(confirmed?.get('return_url')).to.equal('https://shop.example/thanks');
    await server.close();
  });
});
