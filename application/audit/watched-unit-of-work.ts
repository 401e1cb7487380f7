import type { Collections, UnitOfWork } from '../ports/unit-of-work.ts';
import { currentOrigin, type StaffAct } from './origin.ts';
import { Watch } from './watching/watch.ts';

/**
 * Every act of staff gets into the audit log with the very commit that carries it out, whichever use case it is. Whatever
 * follows within the same request, such as the money that goes back, belongs to it. Customers pass by untouched.
 */
export class WatchedUnitOfWork implements UnitOfWork {
  /** What use cases would else write through. */
  readonly #unitOfWork: UnitOfWork;

  constructor(unitOfWork: UnitOfWork) {
    this.#unitOfWork = unitOfWork;
  }

  run<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> {
    const { act } = currentOrigin();
    return act ? this.#watched(act, work) : this.#unitOfWork.run(work);
  }

  async #watched<Result>(act: StaffAct, work: (collections: Collections) => Promise<Result>): Promise<Result> {
    const result = await this.#unitOfWork.run(async collections => {
      // The work may run again, and then nothing of the first time has happened.
      const watch = new Watch();
      const done = await work(watch.over(collections));
      for (const event of watch.events(act.name, !act.told)) collections.audit.add(event);
      return done;
    });
    act.told = true;
    return result;
  }
}
