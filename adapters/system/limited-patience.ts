import type { Patience } from '../../application/ports/patience.ts';
import type { BackgroundTasks } from './background-tasks.ts';

export class LimitedPatience implements Patience {
  readonly #background: Pick<BackgroundTasks, 'run'>;
  readonly #ms: number;

  constructor(background: Pick<BackgroundTasks, 'run'>, ms = 10_000) {
    this.#background = background;
    this.#ms = ms;
  }

  async waitFor<Result>(work: Promise<Result>): Promise<Result | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<undefined>(resolve => {
      timer = setTimeout(() => {
        this.#background.run('what nobody waits for any more', async () => void (await work));
        resolve(undefined);
      }, this.#ms);
    });
    try {
      return await Promise.race([work, enough]);
    } finally {
      clearTimeout(timer);
    }
  }
}
