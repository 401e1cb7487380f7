import { answerLost } from '../idempotency/once-only.ts';
import type { AnswerFormat } from '../ports/answer-format.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly answers: AnswerFormat;
  readonly clock: Clock;
}

const BATCH = 1000;

/** Throws away what is old enough, a little at a time. Keys whose answer was lost get one first, so that they grow old. */
export class ReapRecords implements Worker {
  readonly name = 'reaper';
  readonly everyMs = 3_600_000;
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  tick(): Promise<number> {
    const { unitOfWork, answers, clock } = this.#ports;
    return unitOfWork.run(async ({ idempotency, housekeeping }) => {
      const answered = await idempotency.completeLost(BATCH, requestId =>
        answers.refused(answerLost(), requestId, clock.now()),
      );
      return answered + (await housekeeping.reap(BATCH));
    });
  }
}
