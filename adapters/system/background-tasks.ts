import type { Logger } from '../../application/ports/logger.ts';

/** Work that an answer does not wait for, but a clean stop does. */
export class BackgroundTasks {
  readonly #running = new Set<Promise<void>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  readonly run = (name: string, task: () => Promise<void>): void => {
    const running = task()
      .catch((error: unknown) => this.#logger.error('background task failed', { task: name, error }))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  };

  /** Resolves when nothing is running any more. */
  async drained(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
