import type { Clock } from '../../../application/ports/clock.ts';
import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import type { StoreHarness, StoreInspection } from '../../contracts/store-harness.ts';
import { NOON } from '../../support/builders.ts';

const clock: Clock = { now: () => NOON };

/** Its clock stands still, so that what is tested cannot depend on how fast it is tested. */
export const inMemoryHarness: StoreHarness = {
  name: 'in-memory',
  open: () => {
    let store = createInMemoryStore({ clock });
    const inspect: StoreInspection = {
      outbox: async () => [...store.tables.outbox.values()],
      reservations: async orderId => {
        const row = store.tables.reservations.get(orderId);
        return (row?.lines ?? []).map(line => ({ ...line, state: row!.state }));
      },
    };
    return Promise.resolve({
      get store() {
        return store;
      },
      inspect,
      clear: async () => {
        store = createInMemoryStore({ clock });
      },
      close: () => Promise.resolve(),
    });
  },
};
