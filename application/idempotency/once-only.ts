import { AsyncLocalStorage } from 'node:async_hooks';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { ClaimResult, IdempotencyClaim, StoredAnswer } from '../ports/idempotency-records.ts';
import type { Collections, UnitOfWork } from '../ports/unit-of-work.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly leaseSeconds: number;
}

interface Request {
  readonly claim: IdempotencyClaim;
  applied: boolean;
}

/** Of all instances: each one of its own would slow down every promise of the process, for as long as that lives. */
const requests = new AsyncLocalStorage<Request>();

export interface OnceOnlyAnswer {
  readonly answer: StoredAnswer;
  readonly replayed: boolean;
}

/** Leaves the unit of work of a request whose key is taken. */
class Taken extends Error {
  readonly found: ClaimResult;

  constructor(found: ClaimResult) {
    super('The idempotency key is taken');
    this.found = found;
  }
}

/**
 * One key, one effect, for any use case: the key is claimed inside the very unit of work that has the effect, so both
 * are kept or neither. Checkout does the same by hand, because its effect is spread over several units of work.
 */
export class OnceOnly {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** What use cases write through: inside `run` below, the first commit carries the request's key with it. */
  readonly unitOfWork: UnitOfWork = {
    run: async work => {
      const request = requests.getStore();
      if (!request || request.applied) return this.#ports.unitOfWork.run(work);
      const result = await this.#ports.unitOfWork.run(async collections => {
        await this.#claim(collections, request.claim);
        const outcome = await work(collections);
        await collections.idempotency.markApplied(request.claim);
        return outcome;
      });
      request.applied = true;
      return result;
    },
  };

  /**
   * Answers that tell of bad input, missing rights or trouble are not kept: the same key may be tried again. `again`
   * gives the answer where the effect was kept, but whoever had it died before the answer was.
   */
  async run(
    claim: IdempotencyClaim,
    attempt: () => Promise<StoredAnswer>,
    again: () => Promise<StoredAnswer>,
  ): Promise<OnceOnlyAnswer> {
    const request: Request = { claim, applied: false };
    try {
      const answer = await requests.run(request, attempt);
      if (!isKept(answer.status)) return { answer, replayed: false };
      return { answer: await this.#keep(request, answer), replayed: false };
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
      if (error.found.kind !== 'applied') return replay(error.found);
      return { answer: await this.#complete(claim, await again()), replayed: true };
    }
  }

  async #keep({ claim, applied }: Request, answer: StoredAnswer): Promise<StoredAnswer> {
    return this.#ports.unitOfWork.run(async collections => {
      if (!applied) await this.#claim(collections, claim);
      return collections.idempotency.complete(claim, answer);
    });
  }

  #complete(claim: IdempotencyClaim, answer: StoredAnswer): Promise<StoredAnswer> {
    return this.#ports.unitOfWork.run(({ idempotency }) => idempotency.complete(claim, answer));
  }

  async #claim({ idempotency }: Collections, claim: IdempotencyClaim): Promise<void> {
    const found = await idempotency.claim(claim, this.#ports.leaseSeconds);
    if (found.kind !== 'claimed') throw new Taken(found);
  }
}

const NOT_KEPT = new Set([400, 401, 403, 404, 412, 413, 415, 429]);

export const isKept = (status: number): boolean => status < 500 && !NOT_KEPT.has(status);

/** For those that can be told no more: what was done is to be read elsewhere. */
export const answerLost = (): DomainError =>
  new DomainError('conflict', 'IDEMPOTENCY_ANSWER_LOST', 'It was done, but the answer was lost: read it again.');

/** What the owner of a taken key is told. */
export function replay(found: ClaimResult): OnceOnlyAnswer {
  switch (found.kind) {
    case 'completed':
      return { answer: found.answer, replayed: true };
    case 'reused':
      throw new DomainError('invalid', 'IDEMPOTENCY_KEY_REUSED', 'This key came with another request before.');
    case 'applied':
      throw answerLost();
    case 'claimed':
    case 'resume':
    case 'in-progress':
      throw new DomainError('conflict', 'IDEMPOTENCY_IN_PROGRESS', 'The same request is still running.');
  }
}
