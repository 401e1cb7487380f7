import { AsyncLocalStorage } from 'node:async_hooks';

const open = new AsyncLocalStorage<true>();

/** Every adapter of the unit of work runs its callback through this: it does not nest, and calls outside are caught. */
export function insideUnitOfWork<Result>(work: () => Promise<Result>): Promise<Result> {
  if (open.getStore()) throw new Error('A unit of work does not nest: pass its collections on instead.');
  return open.run(true, work);
}

/** For ports that reach out of the process: a transaction that waits for a stranger starves everyone else. */
export function requireOutsideUnitOfWork(what: string): void {
  if (open.getStore()) throw new Error(`${what} was called inside a unit of work: do it after the commit.`);
}
