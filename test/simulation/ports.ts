import type { Logger } from '../../application/ports/logger.ts';
import { type Collections, Unavailable, type UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { Patience } from '../../application/ports/patience.ts';
import type { Offers } from '../../application/ports/offers.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { VariantId } from '../../domain/shared/ids.ts';
import type { CommitFate } from './faults.ts';
import type { Process } from './process.ts';
import { Box } from './scheduler.ts';
import type { World } from './world.ts';

/** A write conflict that the store notices and answers by running the work again. */
class Conflict extends Error {}

type Around = (verb: string, call: () => unknown) => unknown;

/** The same port, with something around each of its calls. */
function wrapped<Port extends object>(port: Port, around: Around): Port {
  return new Proxy(port, {
    get(target, verb) {
      const member: unknown = Reflect.get(target, verb);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => around(String(verb), () => member.apply(target, args) as unknown);
    },
  });
}

/** A port that only reads: the process can be killed before and after each call, and the store can be away. */
export function readPort<Port extends object>(world: World, process: Process, port: Port): Port {
  return wrapped(port, async (_verb, call) => {
    await process.turn();
    if (world.faults.happens(world.faults.refused / 2)) throw new Unavailable('The store is away');
    const result = await call();
    await process.turn();
    return result;
  });
}

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown };

/** Ten simulated seconds; what nobody waits for any more goes on, and may be killed. */
export class SimulatedPatience implements Patience {
  readonly #world: World;
  readonly #process: Process;

  constructor(world: World, process: Process) {
    this.#world = world;
    this.#process = process;
  }

  async waitFor<Result>(work: Promise<Result>): Promise<Result | undefined> {
    const box = new Box<Outcome<Result>>();
    void work.then(
      result => box.fill({ result }),
      (error: unknown) => box.fill({ error }),
    );
    const outcome = await box.wait(this.#world.scheduler, this.#process, 10_000);
    if (outcome && 'error' in outcome) throw outcome.error;
    return outcome?.result;
  }
}

/**
 * The store's unit of work under one process of the simulated shop. The process can be killed before it, at each call
 * inside it, right before its commit, and between the commit and the news of it.
 */
export class SimulatedUnitOfWork implements UnitOfWork {
  readonly #world: World;
  readonly #process: Process;
  readonly #variants: readonly VariantId[];
  readonly #committed: (who: string) => void;

  constructor(
    world: World,
    process: Process,
    { variants, committed }: { variants: readonly VariantId[]; committed: (who: string) => void },
  ) {
    this.#world = world;
    this.#process = process;
    this.#variants = variants;
    this.#committed = committed;
  }

  async run<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> {
    await this.#process.turn();
    const { store, faults } = this.#world;
    const fate = faults.commit();
    // Postgres reads offers without a lock, so others may commit between this read and the reservation.
    const seen = await store.offers.find(this.#variants);
    const offers: Offers = {
      find: ids => Promise.resolve(new Map(ids.flatMap(id => (seen.has(id) ? [[id, seen.get(id)!]] : [])))),
    };
    const attempt = (ending: CommitFate) =>
      store.unitOfWork.run(collections =>
        this.#process.transact(async () => {
          const done = await work(this.#inside(collections, offers, ending === 'broken'));
          await this.#process.turn();
          if (ending === 'conflict') throw new Conflict();
          if (ending === 'refused' || ending === 'broken') throw new Unavailable('The store refused to commit');
          return done;
        }),
      );
    try {
      const result = await attempt(fate).catch((error: unknown) => {
        if (error instanceof Conflict) return attempt('kept');
        throw error;
      });
      this.#committed(this.#process.name);
      if (fate !== 'reply lost') return result;
      this.#world.tell(this.#process.name, 'never hears that its commit was kept');
      throw new Unavailable('The connection was lost during the commit');
    } finally {
      // A process that was killed in there waits here for ever: it never learns how its transaction ended.
      await this.#process.turn();
    }
  }

  #inside(collections: Collections, offers: Offers, breaks: boolean): Collections {
    const { fine, chance } = this.#world;
    if (!fine) return { ...collections, offers };
    const around: Around = async (_verb, call) => {
      await this.#process.turn();
      if (breaks && chance.is(0.2)) throw new Unavailable('The connection was lost');
      return call();
    };
    const entries = Object.entries({ ...collections, offers }).map(([name, port]) => [name, wrapped(port, around)]);
    return Object.fromEntries(entries) as Collections;
  }
}

/** Outages and refusals are expected of workers; any other error that they report is a bug. */
export function loggerOf(world: World, process: Process): Logger {
  const hear = (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
    const { error, order_id: order, event_id: event } = fields;
    const about = [order, event].filter(id => typeof id === 'string');
    world.tell(process.name, `logs: ${message}${error instanceof Error ? ` (${error.message})` : ''}`, ...about);
    if (error !== undefined && !(error instanceof Unavailable) && !(error instanceof DomainError))
      world.bug(process.name, error, about);
    if (/\b(?:no|lost) order\b/.test(message)) world.violate('lost', message, about);
    if (message === 'the books do not add up') world.violate('drift', JSON.stringify(fields), about);
  };
  const ignore = () => undefined;
  return { error: hear, warn: hear, info: ignore, debug: ignore };
}
