import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Collections, UnitOfWork } from '../ports/unit-of-work.ts';
import { currentOrigin, type StaffAct } from './origin.ts';
import { Watch } from './watching/watch.ts';

interface Ports {
  /** What use cases would else write through. */
  readonly unitOfWork: UnitOfWork;
  /** The store's own: a refusal is kept although nothing else of the request is. */
  readonly store: { readonly unitOfWork: UnitOfWork };
}

/**
 * Every act of staff gets into the audit log with the very commit that carries it out, whichever use case it is. Whatever
 * follows within the same request, such as the money that goes back, belongs to it. Customers pass by untouched.
 */
export class WatchedUnitOfWork implements UnitOfWork {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  run<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> {
    const { act } = currentOrigin();
    return act ? this.#watched(act, work) : this.#ports.unitOfWork.run(work);
  }

  async #watched<Result>(act: StaffAct, work: (collections: Collections) => Promise<Result>): Promise<Result> {
    let watch = new Watch();
    try {
      const result = await this.#ports.unitOfWork.run(async collections => {
        // The work may run again, and then nothing of the first time has happened.
        watch = new Watch();
        const done = await work(watch.over(collections));
        for (const event of watch.events(act.name, !act.told)) collections.audit.add(event);
        return done;
      });
      act.told = true;
      return result;
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'forbidden') await this.#refused(act, watch, error);
      throw error;
    }
  }

  /** What the state of things forbids is nobody's fault; what somebody may not do is worth knowing. */
  async #refused({ name }: StaffAct, watch: Watch, { code }: DomainError): Promise<void> {
    const subject = watch.onlySubject();
    await this.#ports.store.unitOfWork.run(async ({ audit }) =>
      audit.add({ action: name, outcome: 'refused', subject, after: { code } }),
    );
  }
}
