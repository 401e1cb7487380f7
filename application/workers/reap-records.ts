import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Worker } from './worker.ts';

const BATCH = 1000;

/** Throws away what is old enough, a little at a time. */
export class ReapRecords implements Worker {
  readonly name = 'reaper';
  readonly everyMs = 3_600_000;
  readonly #ports: { readonly unitOfWork: UnitOfWork };

  constructor(ports: { readonly unitOfWork: UnitOfWork }) {
    this.#ports = ports;
  }

  tick(): Promise<number> {
    return this.#ports.unitOfWork.run(({ housekeeping }) => housekeeping.reap(BATCH));
  }
}
