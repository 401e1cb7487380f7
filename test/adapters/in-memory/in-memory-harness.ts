import type { Clock } from '../../../application/ports/clock.ts';
import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import type { StoreHarness, StoreInspection } from '../../contracts/store-harness.ts';
import { NOON } from '../../support/builders.ts';

/** Its clock stands still until it is told to go on, so nothing depends on how fast it is tested. */
export const inMemoryHarness: StoreHarness = {
  name: 'in-memory',
  open: () => {
    let passed = 0;
    const clock: Clock = { now: () => new Date(NOON.getTime() + passed * 1000) };
    let store = createInMemoryStore({ clock });
    const inspect: StoreInspection = {
      outbox: async () => [...store.tables.outbox.values()],
      reservations: async orderId => {
        const row = store.tables.reservations.get(orderId);
        return (row?.lines ?? []).map(line => ({ ...line, state: row!.state }));
      },
      age: async seconds => void (passed += seconds),
    };
    return Promise.resolve({
      get store() {
        return store;
      },
      inspect,
      clear: async () => {
        passed = 0;
        store = createInMemoryStore({ clock });
      },
      close: () => Promise.resolve(),
    });
  },
};
