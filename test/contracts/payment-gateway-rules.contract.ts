import { expect } from 'chai';

import type { HeldPayment } from '../../application/ports/payment-gateway.ts';
import { insideUnitOfWork } from '../../application/transaction-boundary.ts';
import { NOON, usd } from '../support/builders.ts';
import { rejectionOf, times } from '../support/waiting.ts';
import { type GatewayTest, type GatewayUnderTest, Payment, PRICE } from './gateway-harness.ts';

/** Longer than the whole deadline of a call, with some room for a slow machine. */
const TOO_LONG_MS = 9000;

export function hasOneEffectPerKey(it: GatewayTest): void {
  it('holds the money once, however often and however fast it is used', async underTest => {
    const payment = new Payment(underTest);
    const answers = await Promise.all(times(5, () => payment.authorize()));
    const afterwards = await payment.authorize();
    expect(afterwards).to.include({ outcome: 'authorized' });
    expect(decided(answers)).to.deep.equal(decided(answers).map(() => afterwards));
    expect(await payment.statement()).to.equal('held 4350');
  });

  it('takes the money once, however often and however fast it is used', async underTest => {
    const payment = new Payment(underTest);
    const authorizationId = await payment.authorized();
    const answers = await Promise.all(times(5, () => payment.capture(authorizationId)));
    const afterwards = await payment.capture(authorizationId);
    expect(afterwards).to.include({ outcome: 'captured' });
    expect(decided(answers)).to.deep.equal(decided(answers).map(() => afterwards));
    expect(await payment.statement()).to.equal('held 4350, captured 4350');
  });

  it('gives the money back once, also when there would be enough for twice', async underTest => {
    const payment = new Payment(underTest);
    const { captureId } = await payment.captured();
    const answers = await Promise.all(times(3, () => payment.refund(captureId, usd(1000))));
    for (const answer of decided(answers)) expect(answer).to.deep.equal({ outcome: 'refunded' });
    expect(await payment.refund(captureId, usd(1000))).to.deep.equal({ outcome: 'refunded' });
    expect(await payment.statement()).to.equal('held 4350, captured 4350, refunded 1000');
  });

  it('that was declined stays declined', async underTest => {
    const payment = new Payment(underTest, underTest.methods.declined);
    const first = await payment.authorize();
    expect(first).to.include({ outcome: 'declined' });
    expect(await payment.authorize()).to.deep.equal(first);
  });

  it('holds nothing more when it comes back with another amount, and never promises that amount', async underTest => {
    const payment = new Payment(underTest);
    await payment.authorized();
    // Nor may it be declined: the shop would forget the money that is held.
    expect(await payment.authorize(usd(9999))).to.deep.equal({ outcome: 'unknown' });
    expect(await payment.statement()).to.equal('held 4350');
  });

  it('gives nothing more back when it comes back with another amount', async underTest => {
    const payment = new Payment(underTest);
    const { captureId } = await payment.captured();
    await payment.refund(captureId, usd(1000));
    expect((await payment.refund(captureId, usd(2000))).outcome).not.to.equal('refunded');
    expect(await payment.statement()).to.equal('held 4350, captured 4350, refunded 1000');
  });
}

export function onlyReads(it: GatewayTest): void {
  it('of a reference that nobody has used finds nothing and leaves nothing behind', async underTest => {
    const payment = new Payment(underTest);
    for (const answer of [await payment.lookup(), await payment.lookup()])
      expect(answer).to.deep.equal({ outcome: 'not_found' });
    expect(await payment.authorize()).to.include({ outcome: 'authorized' });
  });

  it('tells how far the payment has come, and moves no money', async underTest => {
    const payment = new Payment(underTest);
    const authorized = await payment.authorize();
    expect(await payment.lookup()).to.deep.equal(authorized);
    expect(await payment.lookup()).to.deep.equal(authorized);
    expect(await payment.statement()).to.equal('held 4350');
    const { authorizationId, captureId } = await payment.captured();
    const captured = { outcome: 'captured', authorizationId, captureId, amount: PRICE };
    expect(await payment.lookup()).to.deep.equal(captured);
    expect(await payment.lookup()).to.deep.equal(captured);
    expect(await payment.statement()).to.equal('held 4350, captured 4350');
  });

  it('does not confirm in the place of the customer', async underTest => {
    const payment = new Payment(underTest, underTest.methods.requiresAction);
    await payment.authorize();
    await payment.lookup();
    expect(await payment.lookup()).to.include({ outcome: 'requires_action' });
    expect(await payment.statement()).to.equal('');
  });

  it('finds what was declined', async underTest => {
    const payment = new Payment(underTest, underTest.methods.declined);
    const declined = await payment.authorize();
    expect(await payment.lookup()).to.deep.equal(declined);
  });
}

export function isATombstone(it: GatewayTest): void {
  it('lets go of what is held, once', async underTest => {
    const payment = new Payment(underTest);
    const authorizationId = await payment.authorized();
    for (const answer of [await payment.void(), await payment.void()])
      expect(answer).to.deep.equal({ outcome: 'voided' });
    expect(await payment.capture(authorizationId)).to.include({ outcome: 'refused' });
    expect(await payment.lookup()).to.deep.equal({ outcome: 'voided' });
    expect(await payment.statement()).to.equal('held 4350, released 4350');
  });

  it('succeeds when nothing is known, and then nothing can be held any more', async underTest => {
    const payment = new Payment(underTest);
    expect(await payment.void()).to.deep.equal({ outcome: 'voided' });
    expect(await payment.authorize()).to.include({ outcome: 'declined' });
    expect(await payment.authorize(PRICE, `${payment.ref}:late`)).to.include({ outcome: 'declined' });
    expect(await payment.lookup()).to.deep.equal({ outcome: 'voided' });
    expect(await payment.statement()).to.equal('');
  });

  it('holds against an authorisation that arrives again after it', async underTest => {
    const payment = new Payment(underTest);
    await payment.authorized();
    await payment.void();
    await payment.authorize();
    expect(await payment.authorize(PRICE, `${payment.ref}:late`)).to.include({ outcome: 'declined' });
    expect(await payment.statement()).to.equal('held 4350, released 4350');
  });

  it('holds against a customer who confirms too late', async underTest => {
    const payment = new Payment(underTest, underTest.methods.requiresAction);
    await payment.authorize();
    expect(await payment.void()).to.deep.equal({ outcome: 'voided' });
    await underTest.customer(payment.ref, 'confirm');
    expect(await payment.lookup()).to.deep.equal({ outcome: 'voided' });
    expect(await payment.statement()).to.equal('');
  });

  it('gives nothing back that is captured, but names the capture', async underTest => {
    const payment = new Payment(underTest);
    const { captureId } = await payment.captured();
    expect(await payment.void()).to.deep.equal({ outcome: 'already_captured', captureId });
    expect(await payment.statement()).to.equal('held 4350, captured 4350');
    expect(await payment.refund(captureId)).to.deep.equal({ outcome: 'refunded' });
    expect(await payment.void()).to.deep.equal({ outcome: 'already_refunded' });
  });

  it('of what was declined succeeds', async underTest => {
    const payment = new Payment(underTest, underTest.methods.declined);
    await payment.authorize();
    expect(await payment.void()).to.deep.equal({ outcome: 'voided' });
  });
}

export function alwaysEnds(it: GatewayTest): void {
  it('whose answer is lost is unknown, neither paid nor failed, and the money can be found', async underTest => {
    const payment = new Payment(underTest, underTest.methods.answerLost);
    expect(await inTime(payment.authorize())).to.deep.equal({ outcome: 'unknown' });
    expect(await payment.lookup()).to.include({ outcome: 'authorized' });
    expect(await payment.statement()).to.equal('held 4350');
  });

  it('that never arrived is unknown, too, and nothing is found', async underTest => {
    const payment = new Payment(underTest, underTest.methods.requestLost);
    expect(await inTime(payment.authorize())).to.deep.equal({ outcome: 'unknown' });
    expect(await payment.lookup()).to.deep.equal({ outcome: 'not_found' });
    expect(await payment.void()).to.deep.equal({ outcome: 'voided' });
    expect(await payment.statement()).to.equal('');
  });

  it('to capture whose answer is lost can be repeated until it is answered', async underTest => {
    const payment = new Payment(underTest, underTest.methods.captureAnswerLost);
    const authorizationId = await payment.authorized();
    expect(await inTime(payment.capture(authorizationId))).to.deep.equal({ outcome: 'unknown' });
    expect(await payment.capture(authorizationId)).to.include({ outcome: 'captured' });
    expect(await payment.statement()).to.equal('held 4350, captured 4350');
  });

  it('is never made inside a unit of work, whatever it is for', async underTest => {
    const payment = new Payment(underTest);
    const calls: (() => Promise<unknown>)[] = [
      () => payment.authorize(),
      () => payment.capture('any'),
      () => payment.void(),
      () => payment.refund('any'),
      () => payment.lookup(),
      () => underTest.gateway.list({ since: NOON, limit: 1 }),
    ];
    for (const call of calls)
      expect(await rejectionOf(insideUnitOfWork(call)))
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.includes('unit of work');
    expect(await payment.lookup()).to.deep.equal({ outcome: 'not_found' });
  });
}

export function listsWhatItHolds(it: GatewayTest): void {
  it('shows what is held, and what is left of what was taken', async underTest => {
    const [held, taken, returned] = [new Payment(underTest), new Payment(underTest), new Payment(underTest)];
    await held.authorized();
    await taken.captured();
    await returned.refund((await returned.captured()).captureId, usd(1000));
    expect(await listed(underTest, [held, taken, returned])).to.deep.equal([
      { ref: returned.ref, outcome: 'captured', amount: usd(3350) },
      { ref: taken.ref, outcome: 'captured', amount: PRICE },
      { ref: held.ref, outcome: 'authorized', amount: PRICE },
    ]);
  });

  it('shows what is held although its answer was lost', async underTest => {
    const payment = new Payment(underTest, underTest.methods.answerLost);
    await payment.authorize();
    expect(await listed(underTest, [payment])).to.have.length(1);
  });

  it('does not show what was declined, waits, was let go or given back, or never was', async underTest => {
    const { declined, requiresAction } = underTest.methods;
    const [no, waiting] = [new Payment(underTest, declined), new Payment(underTest, requiresAction)];
    for (const payment of [no, waiting]) await payment.authorize();
    const [released, returned, never] = [new Payment(underTest), new Payment(underTest), new Payment(underTest)];
    await released.authorized();
    await returned.refund((await returned.captured()).captureId);
    for (const payment of [released, never]) await payment.void();
    expect(await listed(underTest, [no, waiting, released, returned, never])).to.deep.equal([]);
  });

  it('shows each once, the newest first, whatever the size of the pages', async underTest => {
    const payments = times(5, () => new Payment(underTest));
    for (const payment of payments) await payment.authorized();
    const newestFirst = payments.map(({ ref }) => ref).toReversed();
    for (const limit of [1, 2, 5, 100]) {
      const refs = (await listed(underTest, payments, { limit })).map(({ ref }) => ref);
      expect(refs, `${limit} at once`).to.deep.equal(newestFirst);
    }
  });

  it('shows nothing that was asked for earlier', async underTest => {
    const payment = new Payment(underTest);
    await payment.authorized();
    expect(await listed(underTest, [payment], { since: new Date('2100-01-01') })).to.deep.equal([]);
  });

  it('takes nothing, and lets go of nothing', async underTest => {
    const [held, taken] = [new Payment(underTest), new Payment(underTest)];
    await held.authorized();
    await taken.captured();
    await listed(underTest, [held, taken]);
    expect([await held.statement(), await taken.statement()]).to.deep.equal(['held 4350', 'held 4350, captured 4350']);
  });
}

/** Before all that any test asks for. */
const LONG_AGO = new Date(NOON.getTime() - 86_400_000);
/** More than any examination makes. */
const MOST_PAGES = 1000;

/** As much of all pages as is about these payments. @throws when there is no end to them, or no clear answer */
async function listed(
  { gateway }: GatewayUnderTest,
  payments: readonly Payment[],
  { limit = 100, since = LONG_AGO } = {},
): Promise<HeldPayment[]> {
  const found: HeldPayment[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await gateway.list({ since, after, limit });
    if (page.outcome === 'unknown') throw new Error('This was expected to be listed.');
    expect(page.payments.length).to.be.at.most(limit);
    found.push(...page.payments.filter(({ ref }) => payments.some(payment => payment.ref === ref)));
    if (page.next === undefined) return found;
    after = page.next;
  }
  throw new Error('It lists for ever.');
}

/** A gateway that is still busy with the same key may leave the second in the dark. */
const decided = <Answer extends { outcome: string }>(answers: readonly Answer[]): Answer[] =>
  answers.filter(({ outcome }) => outcome !== 'unknown');

/** @throws when it takes longer than any call to a gateway may */
async function inTime<Answer>(call: Promise<Answer>): Promise<Answer> {
  const start = performance.now();
  const answer = await call;
  expect(performance.now() - start).to.be.lessThan(TOO_LONG_MS);
  return answer;
}
