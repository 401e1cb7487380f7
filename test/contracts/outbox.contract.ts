import { expect } from 'chai';

import type { DomainEvent } from '../../domain/shared/event.ts';
import { nextId } from '../support/builders.ts';
import { rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const ORDER_ID = nextId();

const anEvent = (facts: Partial<DomainEvent> = {}): DomainEvent => ({
  type: 'order.created',
  aggregateType: 'order',
  aggregateId: ORDER_ID,
  aggregateVersion: 1,
  payload: { order_id: ORDER_ID, total: { amount: 2999, currency: 'USD' }, items: [{ quantity: 1 }], note: null },
  ...facts,
});

export function outboxContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'outbox', it => {
    it('keeps events as they are, not yet published, in the order of their ids', async ({ run, inspect }) => {
      const events = [anEvent(), anEvent({ type: 'order.paid', aggregateVersion: 3, dedupeKey: `paid:${ORDER_ID}` })];
      await run(({ outbox }) => outbox.add(events));
      const rows = await inspect.outbox();
      expect(rows.map(row => row.event)).to.deep.equal(events);
      expect(new Set(rows.map(row => row.id)).size).to.equal(2);
      for (const row of rows) {
        expect(row).to.deep.include({ publishedAt: null, attempts: 0 });
        expect(row.createdAt).to.be.instanceOf(Date);
      }
    });

    it('keeps events of later units of work behind those of earlier ones', async ({ run, inspect }) => {
      for (const aggregateVersion of [1, 2, 3]) await run(({ outbox }) => outbox.add([anEvent({ aggregateVersion })]));
      expect((await inspect.outbox()).map(row => row.event.aggregateVersion)).to.deep.equal([1, 2, 3]);
    });

    it('keeps the first event of a dedupe key and drops later ones silently', async ({ run, inspect }) => {
      const first = anEvent({ dedupeKey: 'paid:1' });
      const second = anEvent({ dedupeKey: 'paid:1', aggregateVersion: 9 });
      const other = anEvent({ dedupeKey: 'paid:2' });
      await run(({ outbox }) => outbox.add([first, second]));
      await run(({ outbox }) => outbox.add([second, other]));
      expect((await inspect.outbox()).map(row => row.event)).to.deep.equal([first, other]);
    });

    it('keeps one of ten events of one dedupe key that are added at once', async ({ run, inspect }) => {
      await Promise.all(times(10, () => run(({ outbox }) => outbox.add([anEvent({ dedupeKey: 'paid:1' })]))));
      expect(await inspect.outbox()).to.have.length(1);
    });

    it('keeps equal events that have no dedupe key', async ({ run, inspect }) => {
      await run(({ outbox }) => outbox.add([anEvent(), anEvent()]));
      expect(await inspect.outbox()).to.have.length(2);
    });

    it('tells nobody of what came to nothing', async ({ run, inspect }) => {
      const dedupeKey = 'paid:1';
      await rejectionOf(
        run(async ({ outbox }) => {
          await outbox.add([anEvent({ dedupeKey })]);
          throw new Error('no');
        }),
      );
      expect(await inspect.outbox()).to.deep.equal([]);
      await run(({ outbox }) => outbox.add([anEvent({ dedupeKey })]));
      expect(await inspect.outbox()).to.have.length(1);
    });

    it('takes an empty list', async ({ run, inspect }) => {
      await run(({ outbox }) => outbox.add([]));
      expect(await inspect.outbox()).to.deep.equal([]);
    });
  });
}
