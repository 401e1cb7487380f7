import { expect } from 'chai';

import type { ClaimResult, IdempotencyClaim } from '../../application/ports/idempotency-records.ts';
import { OneTimeToken } from '../../domain/identity/one-time-token.ts';
import { nextId } from '../support/builders.ts';
import { addOrder, addUserId, type Run } from '../support/stocking.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, type Shop, storeSuite, type SuiteApi } from './suite-api.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const ALL = 100;

const CLAIM: IdempotencyClaim = { owner: 'user:ada', key: 'key-1', fingerprint: 'f', requestId: 'request-1' };

const reap = (run: Run, limit = ALL): Promise<number> => run(({ housekeeping }) => housekeeping.reap(limit));

const claim = (run: Run, key = 'key-1', leaseSeconds = HOUR): Promise<ClaimResult> =>
  run(({ idempotency }) => idempotency.claim({ ...CLAIM, key }, leaseSeconds));

const complete = async (run: Run, key = 'key-1'): Promise<void> => {
  await claim(run, key);
  await run(({ idempotency }) => idempotency.complete({ ...CLAIM, key }, { status: 201, body: '{}' }));
};

const addEvent = (run: Run, dedupeKey: string): Promise<void> =>
  run(({ outbox }) =>
    outbox.add([
      {
        type: 'order.paid',
        aggregateType: 'order',
        aggregateId: nextId(),
        aggregateVersion: 1,
        dedupeKey,
        payload: {},
      },
    ]),
  );

const publishAll = (run: Run): Promise<void> =>
  run(async ({ outboxDelivery }) => {
    const events = await outboxDelivery.claim(ALL, 0);
    await outboxDelivery.markPublished(events.map(event => event.id));
  });

const consume = (run: Run, consumer: string, eventId: string): Promise<boolean> =>
  run(({ consumedEvents }) => consumedEvents.claim(consumer, eventId));

const addNotice = (run: Run): Promise<void> =>
  run(({ gatewayNotices }) => gatewayNotices.add('stripe', { eventId: 'evt_1', type: 't', ref: null, facts: {} }));

/** Whether the notice is new to the store when it comes again. */
const isForgotten = async ({ run }: Shop): Promise<boolean> => {
  await addNotice(run);
  return (await run(({ gatewayNotices }) => gatewayNotices.claim(ALL, 0))).length > 0;
};

export function housekeepingContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'housekeeping', it => {
    it('finds nothing to throw away in an empty shop', async ({ run }) => {
      expect(await reap(run)).to.equal(0);
    });

    it('forgets completed keys after 72 hours, and not before', async ({ run, inspect }) => {
      await complete(run);
      await inspect.age(71 * HOUR);
      expect(await reap(run)).to.equal(0);
      expect((await claim(run)).kind).to.equal('completed');
      await inspect.age(2 * HOUR);
      expect(await reap(run)).to.equal(1);
      expect(await claim(run)).to.deep.equal({ kind: 'claimed' });
    });

    it('never forgets a key that is not completed', async ({ run, inspect }) => {
      const orderId = (await addOrder(run)).snapshot().id;
      await claim(run, 'key-1', 0);
      await run(({ idempotency }) => idempotency.bindOrder(CLAIM, orderId));
      await claim(run, 'key-2', 0);
      await run(({ idempotency }) => idempotency.markApplied({ ...CLAIM, key: 'key-2' }));
      await inspect.age(90 * DAY);
      expect(await reap(run)).to.equal(0);
      expect(await claim(run)).to.deep.equal({ kind: 'resume', orderId });
      expect(await claim(run, 'key-2')).to.deep.equal({ kind: 'applied' });
    });

    it('forgets the key of an order, and keeps the order', async ({ run, store, inspect }) => {
      const order = (await addOrder(run)).snapshot();
      await claim(run);
      await run(async ({ idempotency }) => {
        await idempotency.bindOrder(CLAIM, order.id);
        await idempotency.complete(CLAIM, { status: 201, body: '{}' });
      });
      await inspect.age(73 * HOUR);
      expect(await reap(run)).to.equal(1);
      expect(await store.orders.find(order.id)).to.deep.equal(order);
      const late = run(({ idempotency }) => idempotency.completeForOrder(order.id, () => ({ status: 201, body: '' })));
      expect(await late).to.equal(undefined);
    });

    it('forgets published events after 30 days, and keeps the others', async ({ run, inspect }) => {
      await addEvent(run, 'paid:1');
      await publishAll(run);
      await addEvent(run, 'paid:2');
      await inspect.age(29 * DAY);
      expect(await reap(run)).to.equal(0);
      await inspect.age(2 * DAY);
      expect(await reap(run)).to.equal(1);
      expect((await inspect.outbox()).map(row => row.event.dedupeKey)).to.deep.equal(['paid:2']);
    });

    it('forgets who has had an event together with the event', async shop => {
      const { run, inspect } = shop;
      await addEvent(run, 'paid:1');
      const [{ id } = { id: '' }] = await inspect.outbox();
      for (const consumer of ['mailer', 'search']) await consume(run, consumer, id);
      await publishAll(run);
      await inspect.age(29 * DAY);
      expect(await reap(run)).to.equal(0);
      expect(await consume(run, 'mailer', id)).to.equal(false);
      await inspect.age(2 * DAY);
      expect(await reap(run)).to.equal(1);
      for (const consumer of ['mailer', 'search']) expect(await consume(run, consumer, id)).to.equal(true);
    });

    it('remembers who has had an event for as long as not all have had it', async ({ run, inspect }) => {
      await addEvent(run, 'paid:1');
      const [{ id } = { id: '' }] = await inspect.outbox();
      await consume(run, 'mailer', id);
      await inspect.age(90 * DAY);
      expect(await reap(run)).to.equal(0);
      expect(await consume(run, 'mailer', id)).to.equal(false);
    });

    it('forgets read notices after 30 days', async shop => {
      const { run, inspect } = shop;
      await addNotice(run);
      await run(({ gatewayNotices }) => gatewayNotices.markRead({ gateway: 'stripe', eventId: 'evt_1' }));
      await inspect.age(29 * DAY);
      expect(await reap(run)).to.equal(0);
      expect(await isForgotten(shop)).to.equal(false);
      await inspect.age(2 * DAY);
      expect(await reap(run)).to.equal(1);
      expect(await isForgotten(shop)).to.equal(true);
    });

    it('never forgets a notice that nobody has read', async ({ run, inspect }) => {
      await addNotice(run);
      await inspect.age(90 * DAY);
      expect(await reap(run)).to.equal(0);
    });

    it('forgets revocations of tokens that have expired by themselves', async ({ run, store, inspect }) => {
      const issuer = 'pannier';
      const issuedAt = new Date('2020-01-01T00:00:00.000Z');
      const spent = { issuer, id: 'spent', issuedAt, expiresAt: new Date('2020-01-01T00:00:00.000Z') };
      const valid = { issuer, id: 'valid', issuedAt, expiresAt: new Date('2099-01-01T00:00:00.000Z') };
      await run(({ revokedTokens }) => revokedTokens.add([spent, valid]));
      await inspect.age(DAY);
      expect(await reap(run)).to.equal(1);
      expect(await store.tokenRevocations.isRevoked(valid)).to.equal(true);
      expect(await store.tokenRevocations.isRevoked(spent)).to.equal(false);
    });

    it('forgets one-time tokens that are over', async ({ run, inspect }) => {
      const userId = await addUserId(run);
      const issue = (tokenHash: string, at: string) =>
        OneTimeToken.issue({ tokenHash, userId, purpose: 'password-reset' }, new Date(at));
      await run(async ({ oneTimeTokens }) => {
        await oneTimeTokens.save(issue('over', '2020-01-01T00:00:00.000Z'));
        await oneTimeTokens.save(issue('good', '2099-01-01T00:00:00.000Z'));
      });
      await inspect.age(DAY);
      expect(await reap(run)).to.equal(1);
      const left = await run(async ({ oneTimeTokens }) => [
        await oneTimeTokens.find('over'),
        await oneTimeTokens.find('good'),
      ]);
      expect(left.map(token => token?.snapshot().tokenHash)).to.deep.equal([undefined, 'good']);
    });

    it('throws away no more at a time than asked for, until nothing is left', async ({ run, inspect }) => {
      for (const key of ['key-1', 'key-2', 'key-3']) await complete(run, key);
      for (const dedupeKey of ['paid:1', 'paid:2']) await addEvent(run, dedupeKey);
      await publishAll(run);
      await inspect.age(31 * DAY);
      const rounds: number[] = [];
      while (rounds.at(-1) !== 0) rounds.push(await reap(run, 2));
      expect(rounds.reduce((sum, count) => sum + count, 0)).to.equal(5);
      expect(Math.max(...rounds)).to.equal(2);
      expect(await inspect.outbox()).to.deep.equal([]);
    });
  });
}
