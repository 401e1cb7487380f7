import { withOrigin } from '../../../application/audit/origin.ts';
import { BEFORE_THE_FIRST, type SealedEntry } from '../../../application/audit/sealed-entry.ts';
import type { AuditEvent } from '../../../application/ports/audit-trail.ts';
import type { Store } from '../../../application/ports/store.ts';
import { broken, type BrokenAdapter, overriding, withCollections } from './wrapping.ts';

const telling = (store: Store, add: (event: AuditEvent, sound: (event: AuditEvent) => void) => void): Store =>
  withCollections(store, collections => ({
    ...collections,
    audit: { add: event => add(event, told => collections.audit.add(told)) },
  }));

/** The entry is there even when what it tells of is not. */
function writesAtOnce(store: Store): Store {
  const early: AuditEvent[] = [];
  const broke = telling(store, event => void early.push(event));
  const auditLog = overriding(store.auditLog, {
    head: async () => {
      await store.unitOfWork.run(async ({ audit }) => early.splice(0).forEach(event => audit.add(event)));
      return store.auditLog.head();
    },
  });
  return { ...broke, auditLog };
}

const sealing = (store: Store, change: (entry: SealedEntry) => SealedEntry): Store => ({
  ...store,
  auditLog: overriding(store.auditLog, {
    sealed: async (seq, limit) => (await store.auditLog.sealed(seq, limit)).map(change),
  }),
});

const CHAIN = 'numbers its entries, and chains each to the one before by its hash';
const ONE_CHAIN = 'is one chain without gaps, however many write to it at once';

export const BROKEN_AUDIT: readonly BrokenAdapter[] = [
  broken(
    'forgets what the audit log is told',
    store => telling(store, () => undefined),
    'keeps what it was told, with who did it, when and from where',
    CHAIN,
  ),
  broken('audits what came to nothing', writesAtOnce, 'hears nothing of a unit of work that came to nothing'),
  broken(
    'does not say who it was',
    store => telling(store, (event, sound) => withOrigin({}, () => sound(event))),
    'keeps what it was told, with who did it, when and from where',
    'is searched by what was done, by whom, to what, how it came out, and when',
  ),
  broken(
    'does not chain what it audits',
    store => sealing(store, entry => ({ ...entry, previousHash: BEFORE_THE_FIRST })),
    CHAIN,
    ONE_CHAIN,
  ),
  broken(
    'leaves gaps in the audit log',
    store => sealing(store, entry => ({ ...entry, seq: entry.seq * 2 })),
    CHAIN,
    ONE_CHAIN,
  ),
  broken(
    'lists the audit log unsearched',
    store => ({
      ...store,
      auditLog: overriding(store.auditLog, { list: (_, page) => store.auditLog.list({}, page) }),
    }),
    'is searched by what was done, by whom, to what, how it came out, and when',
  ),
];
