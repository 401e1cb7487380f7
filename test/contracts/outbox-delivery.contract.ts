import { expect } from 'chai';

import type { DomainEvent, StoredEvent } from '../../domain/shared/event.ts';
import { nextId } from '../support/builders.ts';
import type { Run } from '../support/stocking.ts';
import { rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const LONG = 3600;
const OVER_AT_ONCE = 0;
const ALL = 100;
const MOST_ATTEMPTS = 20;

const anEvent = (aggregateVersion: number, facts: Partial<DomainEvent> = {}): DomainEvent => ({
  type: 'order.paid',
  aggregateType: 'order',
  aggregateId: '019cae1f-f000-7000-8000-000000000abc',
  aggregateVersion,
  payload: { total: { amount: 2999, currency: 'USD' }, items: [{ quantity: 1 }], note: null },
  ...facts,
});

const addEvents = (run: Run, count: number): Promise<void> =>
  run(({ outbox }) => outbox.add(times(count, index => anEvent(index + 1))));

const claim = (run: Run, limit = ALL, leaseSeconds = LONG): Promise<readonly StoredEvent[]> =>
  run(({ outboxDelivery }) => outboxDelivery.claim(limit, leaseSeconds));

const claimVersions = async (run: Run, limit = ALL, leaseSeconds = LONG): Promise<number[]> =>
  (await claim(run, limit, leaseSeconds)).map(event => event.aggregateVersion);

const failOnce = async (run: Run): Promise<void> => {
  const [event] = await claim(run);
  await run(({ outboxDelivery }) => outboxDelivery.markFailed(event!.id, 'SmtpError'));
};

const consume = (run: Run, consumer: string, eventId: string): Promise<boolean> =>
  run(({ consumedEvents }) => consumedEvents.claim(consumer, eventId));

export function outboxDeliveryContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'outbox delivery', it => {
    it('hands out events as they were stored, with their id and time', async ({ run, inspect }) => {
      const event = anEvent(3, { dedupeKey: 'paid:1' });
      await run(({ outbox }) => outbox.add([event]));
      const [{ id, createdAt } = { id: '', createdAt: new Date(0) }] = await inspect.outbox();
      expect(await claim(run)).to.deep.equal([{ ...event, id, at: createdAt }]);
    });

    it('hands events out in order of id, and no more than asked for', async ({ run }) => {
      await addEvents(run, 3);
      expect(await claimVersions(run, 2)).to.deep.equal([1, 2]);
      expect(await claimVersions(run, 2)).to.deep.equal([3]);
      expect(await claimVersions(run, 2)).to.deep.equal([]);
    });

    it('hands an event to nobody else while the lease lasts', async ({ run, inspect }) => {
      await addEvents(run, 1);
      expect(await claimVersions(run, ALL, 30)).to.deep.equal([1]);
      await inspect.age(27);
      expect(await claimVersions(run)).to.deep.equal([]);
      await inspect.age(4);
      expect(await claimVersions(run)).to.deep.equal([1]);
    });

    it('hands each event to one of five relays that ask at once', async ({ run }) => {
      await addEvents(run, 10);
      const handed = await Promise.all(times(5, () => claimVersions(run, 4)));
      expect(handed.flat().length).to.equal(new Set(handed.flat()).size);
      expect([...handed.flat(), ...(await claimVersions(run))]).to.have.members(times(10, index => index + 1));
    });

    it('hands an event out again, under the same id, after a relay died', async ({ run }) => {
      await addEvents(run, 1);
      const first = await claim(run, ALL, OVER_AT_ONCE);
      expect(first).to.have.length(1);
      expect(await claim(run, ALL, OVER_AT_ONCE)).to.deep.equal(first);
    });

    it('hands out again what was claimed for nothing', async ({ run, inspect }) => {
      await addEvents(run, 1);
      await rejectionOf(
        run(async ({ outboxDelivery }) => {
          await outboxDelivery.claim(ALL, LONG);
          throw new Error('no');
        }),
      );
      expect((await inspect.outbox())[0]?.attempts).to.equal(0);
      expect(await claimVersions(run)).to.deep.equal([1]);
    });

    it('never hands out again what was published', async ({ run, inspect }) => {
      await addEvents(run, 2);
      const [first] = await claim(run, ALL, OVER_AT_ONCE);
      await run(({ outboxDelivery }) => outboxDelivery.markPublished([first!.id]));
      expect(await claimVersions(run, ALL, OVER_AT_ONCE)).to.deep.equal([2]);
      const rows = await inspect.outbox();
      expect(rows.map(row => [row.publishedAt instanceof Date, row.attempts])).to.deep.equal([
        [true, 1],
        [false, 2],
      ]);
      await run(({ outboxDelivery }) => outboxDelivery.markFailed(first!.id, 'too late'));
      await inspect.age(LONG);
      expect(await claimVersions(run)).to.deep.equal([2]);
    });

    it('takes an empty list of what was published', async ({ run }) => {
      await addEvents(run, 1);
      await run(({ outboxDelivery }) => outboxDelivery.markPublished([]));
      expect(await claimVersions(run)).to.deep.equal([1]);
    });

    it('hands out what failed a second later, whatever the lease', async ({ run, inspect }) => {
      await addEvents(run, 2);
      await failOnce(run);
      expect(await claimVersions(run)).to.deep.equal([]);
      await inspect.age(1);
      expect(await claimVersions(run)).to.deep.equal([1]);
    });

    it('waits longer after each failure, but never more than five minutes', async ({ run, inspect }) => {
      await addEvents(run, 1);
      for (let failures = 0; failures < 10; failures += 1) {
        await failOnce(run);
        if (failures > 1) await inspect.age(1);
        expect(await claimVersions(run), `after ${failures + 1} failures`).to.deep.equal([]);
        await inspect.age(300);
      }
      await failOnce(run);
      await inspect.age(60);
      expect(await claimVersions(run)).to.deep.equal([]);
      await inspect.age(240);
      expect(await claimVersions(run)).to.deep.equal([1]);
    });

    it('puts an event aside that has failed twenty times, and goes on with the others', async ({ run, inspect }) => {
      await addEvents(run, 1);
      for (let failures = 0; failures < MOST_ATTEMPTS; failures += 1) {
        await failOnce(run);
        await inspect.age(300);
      }
      await run(({ outbox }) => outbox.add([anEvent(2)]));
      expect(await claimVersions(run)).to.deep.equal([2]);
      expect((await inspect.outbox())[0]).to.include({ attempts: MOST_ATTEMPTS, publishedAt: null });
    });

    it('puts an event aside that has killed twenty relays', async ({ run }) => {
      await addEvents(run, 1);
      for (let deaths = 0; deaths < MOST_ATTEMPTS; deaths += 1)
        expect(await claimVersions(run, ALL, OVER_AT_ONCE)).to.deep.equal([1]);
      expect(await claimVersions(run, ALL, OVER_AT_ONCE)).to.deep.equal([]);
    });
  });

  storeSuite(harness, api, 'consumed events', it => {
    it('are told apart by consumer and by event', async ({ run }) => {
      const [one, other] = [nextId(), nextId()];
      expect(await consume(run, 'mailer', one)).to.equal(true);
      expect(await consume(run, 'mailer', other)).to.equal(true);
      expect(await consume(run, 'search', one)).to.equal(true);
      expect(await consume(run, 'mailer', one)).to.equal(false);
    });

    it('are known to who has had them, and to nobody else', async ({ run }) => {
      const eventId = nextId();
      const has = (consumer: string) => run(({ consumedEvents }) => consumedEvents.has(consumer, eventId));
      expect(await has('mailer')).to.equal(false);
      await consume(run, 'mailer', eventId);
      expect([await has('mailer'), await has('search')]).to.deep.equal([true, false]);
    });

    it('are new to one of ten that are told at once', async ({ run }) => {
      const eventId = nextId();
      const told = await Promise.all(times(10, () => consume(run, 'mailer', eventId)));
      expect(told.filter(Boolean)).to.have.length(1);
    });

    it('are new again when their effect came to nothing', async ({ run }) => {
      const eventId = nextId();
      await rejectionOf(
        run(async ({ consumedEvents }) => {
          await consumedEvents.claim('mailer', eventId);
          throw new Error('no');
        }),
      );
      expect(await consume(run, 'mailer', eventId)).to.equal(true);
    });
  });
}
