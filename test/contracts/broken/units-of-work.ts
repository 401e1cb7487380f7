import { AsyncLocalStorage } from 'node:async_hooks';

import type { ProductView } from '../../../application/ports/catalog-queries.ts';
import type { Store } from '../../../application/ports/store.ts';
import type { Collections, UnitOfWork } from '../../../application/ports/unit-of-work.ts';
import {
  autocommitting,
  broken,
  type BrokenAdapter,
  detachedCollections,
  overriding,
  withCollections,
} from './wrapping.ts';

const withRun = (store: Store, run: UnitOfWork['run']): Store => ({ ...store, unitOfWork: { run } });

/** Reads what is committed at the moment, and writes in the end, whatever has changed in between. */
function writesLast(store: Store): Store {
  return withRun(store, async work => {
    const writes: ((collections: Collections) => Promise<unknown>)[] = [];
    const collections = detachedCollections(async (method, call) => {
      if (method === 'save') return void writes.push(call);
      return store.unitOfWork.run(call);
    });
    const result = await work(collections);
    await store.unitOfWork.run(async all => {
      for (const write of writes) await write(all);
    });
    return result;
  });
}

/** Queries find products that are still being written. */
function readsDirt(store: Store): Store {
  const beingWritten = new Map<string, ProductView>();
  const dirty = withCollections(store, collections => ({
    ...collections,
    products: overriding(collections.products, {
      save: async products => {
        for (const product of products)
          beingWritten.set(product.snapshot().id, { ...product.snapshot(), variants: [] });
        await collections.products.save(products);
      },
    }),
  }));
  const catalog = overriding(store.catalog, {
    product: async (by, options) => ('id' in by && beingWritten.get(by.id)) || store.catalog.product(by, options),
  });
  return { ...dirty, catalog };
}

/** Says that it is done, and has kept nothing. */
function losesCommits(store: Store): Store {
  return withRun(store, async work => {
    const lost = new Error('lost');
    const results: Awaited<ReturnType<typeof work>>[] = [];
    await store.unitOfWork
      .run(async collections => {
        results.push(await work(collections));
        throw lost;
      })
      .catch((error: unknown) => {
        if (error !== lost) throw error;
      });
    return results[0]!;
  });
}

/** Lets the error fly on, and keeps what was written before it. */
function keepsWhatFailed(store: Store): Store {
  return withRun(store, async work => {
    const outcome = await store.unitOfWork.run(collections =>
      work(collections).then(
        result => ({ result }),
        (error: unknown) => ({ error }),
      ),
    );
    if ('error' in outcome) throw outcome.error;
    return outcome.result;
  });
}

/** A unit of work inside another one quietly becomes part of it. */
function nests(store: Store): Store {
  const outer = new AsyncLocalStorage<Collections>();
  return withRun(store, async work => {
    const collections = outer.getStore();
    return collections ? work(collections) : store.unitOfWork.run(inner => outer.run(inner, () => work(inner)));
  });
}

export const BROKEN_UNITS_OF_WORK: readonly BrokenAdapter[] = [
  broken(
    'loses updates',
    writesLast,
    'loses no change when two units of work both add one to the same product',
    'loses none of twenty deliveries of the same variant',
    'trades a refresh token in once, however many present it at once',
    'lets one of two change an order, and the other see it',
  ),
  broken('reads what is not committed', readsDirt, 'shows queries nothing that is not committed'),
  broken(
    'fails to commit and says nothing',
    losesCommits,
    'is durable for the next reader once it has resolved',
    'gives back a product exactly as it was saved',
    'says that the request is still running',
  ),
  broken(
    'keeps what failed',
    keepsWhatFailed,
    'keeps nothing of a unit of work that throws, and lets the error fly on',
    'does not count what was taken back',
    'forgets a claim whose unit of work came to nothing',
    'tells nobody of what came to nothing',
    'names every line that is short, and keeps nothing of the others',
  ),
  broken(
    'commits every call by itself',
    store => withRun(store, work => work(autocommitting(store))),
    'keeps nothing of a unit of work that throws, and lets the error fly on',
    'shows queries nothing that is not committed',
  ),
  broken('nests units of work', nests, 'does not nest'),
];
