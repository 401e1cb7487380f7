import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../application/ports/logger.ts';
import type { Worker } from '../../application/workers/worker.ts';

/** After so many failures in a row the wait no longer grows. */
const MOST_DOUBLINGS = 6;

/** Runs workers round after round until it is stopped; a round that has begun is finished. */
export class WorkerLoop {
  readonly #workers: readonly Worker[];
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor({ workers, logger }: { readonly workers: readonly Worker[]; readonly logger: Logger }) {
    this.#workers = workers;
    this.#logger = logger;
  }

  start(): void {
    this.#running = Promise.all(this.#workers.map(worker => this.#run(worker)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(worker: Worker): Promise<void> {
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted;) {
      let done = 0;
      try {
        done = await worker.tick();
        failures = 0;
      } catch (error) {
        failures = Math.min(failures + 1, MOST_DOUBLINGS);
        this.#logger.error('a worker failed', { worker: worker.name, error });
      }
      if (done > 0) continue;
      // A fifth more or less, so that the copies of many processes do not come all at once.
      const wait = worker.everyMs * (0.8 + Math.random() * 0.4) + (failures > 0 ? 500 * 2 ** failures : 0);
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
}
