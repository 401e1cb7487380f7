import { expect } from 'chai';
import Stripe from 'stripe';
import { SIGNATURE_HEADER, signatureOf } from '../../adapters/payments/notice-signature.ts';
import { SANDBOX_BANK, STORE, WORKERS } from '../../config/tokens.ts';
import { OrderId, type PaymentId } from '../../domain/shared/ids.ts';
import { StripeServer } from '../support/stripe-server.ts';
import { type Api, dataOf, outcome } from './api.ts';
import { checkOut, putIntoCart } from './buying.ts';
import type { Street, Suite } from './harness.ts';
import type { Cart, Order, StockRow } from './shapes.ts';
import { BANK_SECRET, fresh, type Shop } from './shop.ts';

const STRIPE_SECRET = 'whsec_of_this_shop';
/** Nothing expires before a worker looks. */
const HOLD = { ORDER_HOLD_SECONDS: '1' };
/** Until such a hold is over. */
const HOLD_MS = 1050;

/** A bank that asks its customers, as a test sees it. */
interface AskingBank {
  readonly name: string;
  readonly method: string;
  /** In the answer to the checkout, for the page of the shop. */
  readonly clientSecret: RegExp;
  open(street: Street): Promise<AskedShop>;
}

interface AskedShop {
  readonly shop: Shop;
  customer(ref: PaymentId, passes: boolean): void;
  /** What the bank tells the shop by itself, whatever has happened. */
  notify(ref: PaymentId): Promise<void>;
  /** Such as "held captured". */
  statement(ref: PaymentId): string;
  close(): Promise<void>;
}

const send = async (shop: Shop, gateway: string, header: string, signature: string, body: string): Promise<void> => {
  const headers = { 'Content-Type': 'application/json', [header]: signature };
  const path = `/payments/webhooks/${gateway}`;
  expect(outcome(await shop.anonymous.send({ method: 'POST', path, headers, body }))).to.equal('204');
};

const SANDBOX: AskingBank = {
  name: 'the sandbox bank',
  method: 'tok_requires_action',
  clientSecret: /^sandbox_auth_.+_secret$/,
  open: async street => {
    const shop = await street.another({ environment: HOLD });
    const bank = shop.app.container.get(SANDBOX_BANK);
    return {
      shop,
      customer: (ref, passes) => void bank[passes ? 'confirm' : 'fail'](ref),
      notify: ref => {
        const body = JSON.stringify({ id: fresh('evt'), type: 'payment.changed', ref });
        return send(shop, 'sandbox', SIGNATURE_HEADER, signatureOf(body, BANK_SECRET, new Date()), body);
      },
      statement: ref => kinds(bank.movements(ref)),
      close: () => Promise.resolve(),
    };
  },
};

const STRIPE: AskingBank = {
  name: 'Stripe',
  method: 'pm_card_authenticationRequired',
  clientSecret: /^pi_.+_secret_/,
  open: async street => {
    const server = await StripeServer.start({ secretKey: 'sk_test_hush' });
    const stripe = {
      PAYMENT_GATEWAY: 'stripe',
      STRIPE_SECRET_KEY: 'sk_test_hush',
      STRIPE_WEBHOOK_SECRET: STRIPE_SECRET,
      STRIPE_API_BASE: server.url,
      GATEWAY_TIMEOUT_MS: '2000',
    };
    const shop = await street.another({ environment: { ...HOLD, ...stripe } });
    return {
      shop,
      customer: (ref, passes) => server.bank.authenticate(ref, passes),
      notify: ref => {
        const object = { object: 'payment_intent', id: 'pi_1', status: 'any', metadata: { ref } };
        const payload = JSON.stringify({ id: fresh('evt'), type: 'payment_intent.changed', data: { object } });
        const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: STRIPE_SECRET });
        return send(shop, 'stripe', 'Stripe-Signature', signature, payload);
      },
      statement: ref => kinds(server.movements(ref)),
      close: async () => {
        await server.close();
        expect(server.complaints).to.deep.equal([]);
      },
    };
  },
};

const kinds = (movements: readonly { readonly kind: string }[]): string => movements.map(({ kind }) => kind).join(' ');

const work = async (shop: Shop, name: string): Promise<void> => {
  const worker = shop.app.container.get(WORKERS).find(candidate => candidate.name === name)!;
  while ((await worker.tick()) > 0);
};

/** A customer whose checkout of two bowls waits for what the bank asked. */
async function anAskedCustomer({ shop }: AskedShop, { method, clientSecret }: AskingBank) {
  const [customer, variant, key] = [await shop.customer(), await shop.variant({ stock: 5 }), fresh('checkout')];
  await putIntoCart(customer, variant, 2);
  const ask = () => checkOut(customer, { payment_method: method }, key);
  const first = await ask();
  const { order_id: id, status, payment } = dataOf(first);
  expect(status).to.equal('PENDING');
  expect(payment.action).to.deep.include({ type: 'three_d_secure', url: null });
  expect(payment.action!.client_secret).to.match(clientSecret);
  const order = (await shop.app.container.get(STORE).orders.find(OrderId(id)))!;
  expect(await stockOf(shop, variant)).to.include({ on_hand: 5, reserved: 2 });
  return {
    customer,
    variant,
    ref: order.payment.id,
    show: async () => dataOf(await customer.get<Order>(`/orders/${id}`)),
    /** The same request under the same key says the same, whatever has become of the order. */
    expectSameAnswer: async () => {
      const again = await ask();
      expect([again.status, again.text]).to.deep.equal([first.status, first.text]);
      expect(again.headers['idempotency-replayed']).to.equal('true');
    },
  };
}

const stockOf = async (shop: Shop, variant: string): Promise<StockRow> => {
  const admin = await shop.admin();
  return dataOf(await admin.get<StockRow[]>(`/admin/inventory?variant_id=${variant}`))[0]!;
};

async function expectAllGivenBack(shop: Shop, customer: Api, variant: string): Promise<void> {
  expect(await stockOf(shop, variant)).to.include({ on_hand: 5, reserved: 0 });
  expect(dataOf(await customer.get<Cart>('/carts/me')).items).to.have.length(1);
}

export const threeDSecureSuite: Suite = street =>
  describe('A customer whom the bank asks (3-D Secure)', () => {
    for (const bank of [SANDBOX, STRIPE]) {
      let opened: Promise<AskedShop> | undefined;
      const open = () => (opened ??= bank.open(street));
      after(async () => (await opened)?.close());

      it(`and who confirms has paid: ${bank.name}`, async () => {
        const asked = await open();
        const { shop } = asked;
        const { variant, ref, show, expectSameAnswer } = await anAskedCustomer(asked, bank);
        await asked.notify(ref);
        await work(shop, 'inbox');
        expect((await show()).status, 'before').to.equal('PENDING');
        asked.customer(ref, true);
        await asked.notify(ref);
        await work(shop, 'inbox');
        expect(await show()).to.deep.include({ status: 'PAID' });
        expect(asked.statement(ref)).to.equal('held captured');
        expect(await stockOf(shop, variant)).to.include({ on_hand: 3, reserved: 0 });
        await expectSameAnswer();
      });

      it(`and who fails is declined, and has stock and cart back: ${bank.name}`, async () => {
        const asked = await open();
        const { shop } = asked;
        const { customer, variant, ref, show, expectSameAnswer } = await anAskedCustomer(asked, bank);
        asked.customer(ref, false);
        await asked.notify(ref);
        await work(shop, 'inbox');
        expect(await show()).to.deep.include({ status: 'CANCELLED', cancel_reason: 'payment_declined' });
        expect((await show()).payment).to.include({ status: 'DECLINED', action: null });
        await expectAllGivenBack(shop, customer, variant);
        await expectSameAnswer();
        asked.customer(ref, true);
        await asked.notify(ref);
        await work(shop, 'inbox');
        expect(asked.statement(ref), 'confirmed too late').to.equal('');
      });

      it(`and who does nothing loses the order when its hold is over: ${bank.name}`, async () => {
        const asked = await open();
        const { shop } = asked;
        const { customer, variant, ref, show, expectSameAnswer } = await anAskedCustomer(asked, bank);
        await work(shop, 'expiry');
        await new Promise(resolve => setTimeout(resolve, HOLD_MS));
        await work(shop, 'expiry');
        expect(await show()).to.deep.include({ status: 'CANCELLED', cancel_reason: 'expired' });
        expect((await show()).payment).to.include({ status: 'VOIDED', action: null });
        await expectAllGivenBack(shop, customer, variant);
        asked.customer(ref, true);
        await asked.notify(ref);
        await work(shop, 'inbox');
        expect(asked.statement(ref), 'confirmed too late').to.equal('');
        await expectSameAnswer();
      });
    }
  });
