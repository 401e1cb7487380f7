import { expect } from 'chai';

import { usd } from '../support/builders.ts';
import { type GatewayHarness, type GatewayTest, type GatewayUnderTest, Payment, PRICE } from './gateway-harness.ts';
import {
  alwaysEnds,
  hasOneEffectPerKey,
  isATombstone,
  listsWhatItHolds,
  onlyReads,
} from './payment-gateway-rules.contract.ts';
import { mochaApi, type SuiteApi } from './suite-api.ts';

/** Everything that the shop expects of a payment gateway. An adapter that passes can be used. */
export function paymentGatewayContract(harness: GatewayHarness, api: SuiteApi = mochaApi): void {
  let opened: Promise<GatewayUnderTest> | undefined;
  const it = (title: string, test: (underTest: GatewayUnderTest) => Promise<void>): void =>
    api.it(title, async () => test(await (opened ??= harness.open())));

  api.describe(`${harness.name} payment gateway`, () => {
    api.after(async () => (await opened)?.close());
    api.describe('money', () => takesMoney(it));
    api.describe('G1: a key', () => hasOneEffectPerKey(it));
    api.describe('G2: a lookup', () => onlyReads(it));
    api.describe('G3: a void', () => isATombstone(it));
    api.describe('G4: a call', () => alwaysEnds(it));
    api.describe('G5: a list', () => listsWhatItHolds(it));
  });
}

function takesMoney(it: GatewayTest): void {
  it('is held, to the cent, and not yet taken', async underTest => {
    const payment = new Payment(underTest);
    const answer = await payment.authorize();
    expect(answer).to.include({ outcome: 'authorized' });
    expect(answer).to.have.property('amount').that.deep.equals(PRICE);
    expect(await payment.statement()).to.equal('held 4350');
  });

  it('is not held by a method that is declined, and a reason is given', async underTest => {
    const payment = new Payment(underTest, underTest.methods.declined);
    const answer = await payment.authorize();
    expect(answer).to.include({ outcome: 'declined' });
    expect(answer).to.have.property('reason').that.matches(/\w/);
    expect(await payment.statement()).to.equal('');
  });

  it('is taken once it is captured', async underTest => {
    const payment = new Payment(underTest);
    const answer = await payment.capture(await payment.authorized());
    expect(answer).to.include({ outcome: 'captured' });
    expect(answer).to.have.property('amount').that.deep.equals(PRICE);
    expect(await payment.statement()).to.equal('held 4350, captured 4350');
  });

  it('is not taken when the capture is refused, and can be let go', async underTest => {
    const payment = new Payment(underTest, underTest.methods.captureRefused);
    expect(await payment.capture(await payment.authorized())).to.include({ outcome: 'refused' });
    expect(await payment.void()).to.deep.equal({ outcome: 'voided' });
    expect(await payment.statement()).to.equal('held 4350, released 4350');
  });

  it('is not taken beyond what is held', async underTest => {
    const payment = new Payment(underTest);
    expect(await payment.capture(await payment.authorized(), usd(4351))).to.include({ outcome: 'refused' });
    expect(await payment.statement()).to.equal('held 4350');
  });

  it('is not taken for an authorisation that nobody gave', async underTest => {
    const payment = new Payment(underTest);
    expect(await payment.capture('no such authorisation')).to.include({ outcome: 'refused' });
    expect(await payment.statement()).to.equal('');
  });

  it('is given back by a refund', async underTest => {
    const payment = new Payment(underTest);
    const { captureId } = await payment.captured();
    expect(await payment.refund(captureId)).to.deep.equal({ outcome: 'refunded' });
    expect(await payment.lookup()).to.deep.equal({ outcome: 'refunded' });
    expect(await payment.statement()).to.equal('held 4350, captured 4350, refunded 4350');
  });

  it('is never given back beyond what was captured', async underTest => {
    const payment = new Payment(underTest);
    const { captureId } = await payment.captured();
    expect(await payment.refund(captureId, usd(4000))).to.deep.equal({ outcome: 'refunded' });
    expect(await payment.refund(captureId, usd(351), 'refund:2')).to.include({ outcome: 'refused' });
    expect(await payment.statement()).to.equal('held 4350, captured 4350, refunded 4000');
  });

  it('is not given back for a capture that never was', async underTest => {
    const payment = new Payment(underTest);
    await payment.authorized();
    expect(await payment.refund('no such capture')).to.include({ outcome: 'refused' });
    expect(await payment.statement()).to.equal('held 4350');
  });

  it('waits for the customer and is held once he has confirmed', async underTest => {
    const payment = new Payment(underTest, underTest.methods.requiresAction);
    const asked = await payment.authorize();
    expect(asked).to.include({ outcome: 'requires_action' });
    expect(await payment.lookup()).to.deep.equal(asked);
    expect(await payment.statement()).to.equal('');
    await underTest.customer(payment.ref, 'confirm');
    expect(await payment.lookup()).to.include({ outcome: 'authorized' });
    expect(await payment.statement()).to.equal('held 4350');
  });

  it('is declined when the customer fails to confirm', async underTest => {
    const payment = new Payment(underTest, underTest.methods.requiresAction);
    await payment.authorize();
    await underTest.customer(payment.ref, 'fail');
    expect(await payment.lookup()).to.include({ outcome: 'declined' });
    expect(await payment.statement()).to.equal('');
  });
}
