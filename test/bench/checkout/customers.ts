import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { Job, Measured } from './load.ts';

/** The customers, in a process of their own: what they cost is not what the shop costs. */
export class Customers {
  readonly #child: ChildProcess;

  constructor() {
    const extension = extname(import.meta.url);
    const loader = extension === '.ts' ? ['--import', import.meta.resolve('tsx')] : [];
    this.#child = fork(join(import.meta.dirname, `load${extension}`), ['customers'], { execArgv: loader });
    process.once('exit', () => this.#child.kill('SIGKILL'));
  }

  /** @throws when a single checkout does not end well */
  checkOut(job: Job): Promise<Measured> {
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(new Error('The customers gave up.'));
      this.#child.once('exit', gone);
      this.#child.once('message', (measured: Measured) => {
        this.#child.off('exit', gone);
        resolve(measured);
      });
      this.#child.send(job);
    });
  }

  leave(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}

/** In milliseconds; 0.99 is what one in a hundred waits longer than. */
export function quantile(laps: readonly number[], share: number): number {
  const sorted = laps.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
