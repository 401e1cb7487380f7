import { createHash } from 'node:crypto';

import { expect } from 'chai';

import { type Origin, withOrigin } from '../../application/audit/origin.ts';
import { BEFORE_THE_FIRST, sealedText } from '../../application/audit/sealed-entry.ts';
import type { AuditCriteria } from '../../application/ports/audit-log.ts';
import type { AuditEvent } from '../../application/ports/audit-trail.ts';
import type { Store } from '../../application/ports/store.ts';
import { UserId } from '../../domain/shared/ids.ts';
import { nextId, NOON } from '../support/builders.ts';
import { allPages } from '../support/pages.ts';
import type { Run } from '../support/stocking.ts';
import { aMoment, rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const anEvent = (facts: Partial<AuditEvent> = {}): AuditEvent => ({
  action: 'shipOrder',
  outcome: 'done',
  subject: { type: 'order', id: 'an order' },
  ...facts,
});

const tell = (run: Run, ...events: readonly AuditEvent[]): Promise<void> =>
  run(async ({ audit }) => {
    for (const event of events) audit.add(event);
  });

const seqsOf = async (store: Store, criteria: AuditCriteria): Promise<number[]> =>
  (await store.auditLog.list(criteria, { limit: 100 })).items.map(({ seq }) => seq);

const later = (ms: number): Date => new Date(NOON.getTime() + ms);

export function auditContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'the audit log', it => {
    it('keeps what it was told, with who did it, when and from where', async ({ run, store }) => {
      const origin: Origin = { userId: UserId(nextId()), apiKeyId: 'a-key', address: '192.0.2.1', requestId: 'r-1' };
      const facts = {
        before: { state: 'PAID' },
        after: { state: 'SHIPPED', "o'clock": ['"', '\\', 'ä', '\n', null, 1.5] },
      };
      await withOrigin(origin, () => tell(run, anEvent(facts)));
      const { items } = await store.auditLog.list({}, { limit: 10 });
      const [{ hash: _, ...entry }] = items as [(typeof items)[number]];
      expect(entry).to.deep.equal({
        seq: 1,
        at: NOON,
        actorId: origin.userId,
        apiKeyId: 'a-key',
        address: '192.0.2.1',
        requestId: 'r-1',
        action: 'shipOrder',
        outcome: 'done',
        subject: { type: 'order', id: 'an order' },
        ...facts,
      });
    });

    it('says of what the shop does by itself that nobody did it', async ({ run, store }) => {
      await tell(run, anEvent({ subject: null }));
      const [entry] = (await store.auditLog.list({}, { limit: 1 })).items;
      expect(entry).to.include({ actorId: null, apiKeyId: null, address: null, requestId: null, subject: null });
      expect(entry).to.include({ before: null, after: null });
    });

    it('numbers its entries, and chains each to the one before by its hash', async ({ run, store }) => {
      await tell(run, anEvent(), anEvent({ action: 'refundOrder' }));
      await tell(run, anEvent({ after: { name: 'ünïcode \u{1f9fa}' } }));
      const entries = await store.auditLog.sealed(0, 10);
      expect(entries.map(({ seq }) => seq)).to.deep.equal([1, 2, 3]);
      let previous = BEFORE_THE_FIRST;
      for (const { hash, ...entry } of entries) {
        expect(entry.previousHash, String(entry.seq)).to.equal(previous);
        expect(hash).to.equal(createHash('sha256').update(sealedText(entry)).digest('hex'));
        previous = hash;
      }
      const head = await store.auditLog.head();
      expect({ seq: head?.seq, hash: head?.hash }).to.deep.equal({ seq: 3, hash: previous });
    });

    it('is one chain without gaps, however many write to it at once', async ({ run, store }) => {
      const writers = times(10, writer =>
        run(async ({ audit }) => {
          audit.add(anEvent({ subject: { type: 'order', id: `first of ${writer}` } }));
          await aMoment();
          audit.add(anEvent({ subject: { type: 'order', id: `second of ${writer}` } }));
          if (writer % 5 === 4) throw new Error('no');
        }),
      );
      await Promise.allSettled(writers);
      const entries = await store.auditLog.sealed(0, 100);
      expect(entries.map(({ seq }) => seq)).to.deep.equal(times(16, index => index + 1));
      for (const [index, { previousHash }] of entries.slice(1).entries())
        expect(previousHash).to.equal(entries[index]!.hash);
    });

    it('hears nothing of a unit of work that came to nothing', async ({ run, store }) => {
      const failed = run(async ({ audit }) => {
        audit.add(anEvent());
        throw new Error('no');
      });
      expect(await rejectionOf(failed)).to.be.instanceOf(Error);
      expect(await store.auditLog.head()).to.equal(undefined);
      expect(await seqsOf(store, {})).to.deep.equal([]);
      await tell(run, anEvent());
      expect(await seqsOf(store, {})).to.deep.equal([1]);
    });

    it('is listed, the newest first and page by page', async ({ run, store }) => {
      await tell(run, ...times(12, () => anEvent()));
      const newestFirst = times(12, index => 12 - index);
      const walked = await allPages(request => store.auditLog.list({}, request), 5);
      expect(walked.map(({ seq }) => seq)).to.deep.equal(newestFirst);
      const numbered = await store.auditLog.list({}, { limit: 5, page: 2 });
      expect(numbered.items.map(({ seq }) => seq)).to.deep.equal(newestFirst.slice(5, 10));
      expect(numbered).to.deep.include({ total: 12, next: { value: 3, id: '3' } });
    });

    it('is searched by what was done, by whom, to what, how it came out, and when', async ({ run, store }) => {
      const [ada, ben] = [UserId(nextId()), UserId(nextId())];
      await withOrigin({ userId: ada }, () => tell(run, anEvent({ subject: { type: 'order', id: 'one' } })));
      await withOrigin({ userId: ben }, () => tell(run, anEvent({ action: 'administerUser', outcome: 'refused' })));
      await tell(run, anEvent({ subject: null }));
      expect(await seqsOf(store, { action: 'shipOrder' })).to.deep.equal([3, 1]);
      expect(await seqsOf(store, { actorId: ben })).to.deep.equal([2]);
      expect(await seqsOf(store, { subjectId: 'one' })).to.deep.equal([1]);
      expect(await seqsOf(store, { outcome: 'refused' })).to.deep.equal([2]);
      expect(await seqsOf(store, { actorId: ada, outcome: 'refused' })).to.deep.equal([]);
      expect(await seqsOf(store, { from: NOON, to: later(1) })).to.deep.equal([3, 2, 1]);
      expect(await seqsOf(store, { from: later(1) })).to.deep.equal([]);
      expect(await seqsOf(store, { to: NOON })).to.deep.equal([]);
    });

    it('is read in the order of its numbers, from any of them on', async ({ run, store }) => {
      await tell(run, ...times(5, () => anEvent()));
      expect((await store.auditLog.sealed(1, 3)).map(({ seq }) => seq)).to.deep.equal([2, 3, 4]);
      expect(await store.auditLog.sealed(5, 3)).to.deep.equal([]);
    });

    it('is never thrown away, however old it is', async ({ run, store, inspect }) => {
      await tell(run, anEvent());
      await inspect.age(10 * 365 * 24 * 3600);
      await run(({ housekeeping }) => housekeeping.reap(1000));
      expect(await seqsOf(store, {})).to.deep.equal([1]);
    });

    it('takes nothing after the unit of work is over', async ({ run, store }) => {
      const kept = await run(async ({ audit }) => ({ audit }));
      expect(() => kept.audit.add(anEvent())).to.throw('over');
      expect(await seqsOf(store, {})).to.deep.equal([]);
    });
  });
}
