import type { Store } from '../../../application/ports/store.ts';
import type { Collections } from '../../../application/ports/unit-of-work.ts';
import { inMemoryHarness } from '../../adapters/in-memory/in-memory-harness.ts';
import type { StoreHarness } from '../store-harness.ts';

/** An adapter with one fault, and the promises that must be seen to be broken by it. */
export interface BrokenAdapter {
  readonly harness: StoreHarness;
  readonly breaks: readonly string[];
}

/** The sound store with one fault built in. */
export function broken(name: string, fault: (store: Store) => Store, ...breaks: readonly string[]): BrokenAdapter {
  const open: StoreHarness['open'] = async () => {
    const sound = await inMemoryHarness.open();
    let store = fault(sound.store);
    return {
      get store() {
        return store;
      },
      inspect: sound.inspect,
      clear: async () => {
        await sound.clear();
        store = fault(sound.store);
      },
      close: () => sound.close(),
    };
  };
  return { harness: { name, open }, breaks };
}

/** The same object with some methods put in place of its own. */
export function overriding<Target extends object>(target: Target, overrides: Partial<Target>): Target {
  return new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(name in overrides ? overrides : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** The same store, but its units of work hand out other collections. */
export const withCollections = (store: Store, change: (collections: Collections) => Collections): Store => ({
  ...store,
  unitOfWork: { run: work => store.unitOfWork.run(collections => work(change(collections))) },
});

type Call = (collections: Collections) => Promise<unknown>;

/** Collections that belong to no unit of work: `perform` decides what becomes of each call. */
export function detachedCollections(perform: (method: string, call: Call) => Promise<unknown>): Collections {
  const collection = (name: string | symbol): object =>
    new Proxy(
      {},
      {
        get:
          (_, method) =>
          (...args: unknown[]) =>
            perform(String(method), collections => {
              const target = Reflect.get(collections, name) as Record<
                string | symbol,
                (...given: unknown[]) => Promise<unknown>
              >;
              return target[method]!(...args);
            }),
      },
    );
  return new Proxy({}, { get: (_, name) => collection(name) }) as Collections;
}

/** Every call is a transaction of its own. */
export const autocommitting = (store: Store): Collections =>
  detachedCollections((_, call) => store.unitOfWork.run(call));
