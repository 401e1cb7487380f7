import type { Chance } from './chance.ts';

/** Whoever acts in a simulated world. One that is not alive is never granted anything again: no `finally` of it runs. */
export interface Actor {
  readonly name: string;
  readonly number: number;
  /** Whether it may be killed. */
  readonly mortal: boolean;
  readonly alive: boolean;
}

interface Ticket {
  readonly actor: Actor;
  readonly grant: () => void;
  /** In milliseconds of simulated time. */
  readonly due: number;
}

/** Runs once nothing but tickets is waited for: ticks come after all promises that can go on have gone on. */
const calm = (): Promise<void> => new Promise(resolve => process.nextTick(resolve));

/**
 * Grants one ticket at a time, chosen by the seed. Nothing else lets anybody go on, so the choices are the whole
 * schedule: the same seed gives the same run. Time is a number that grows by a little at each step, and jumps to the
 * next alarm when there is nothing else to do.
 */
export class Scheduler {
  now: number;
  steps = 0;
  /** Of everything that was granted, and when. */
  digest = 0x811c9dc5;
  /** Milliseconds that a step takes on average. */
  pace = 1;
  readonly #chance: Chance;
  readonly #ready: Ticket[] = [];
  #parked: Ticket[] = [];
  #nextAlarm = Infinity;

  constructor(chance: Chance, now: number) {
    this.#chance = chance;
    this.now = now;
  }

  /** Resolves when it is this actor's turn. */
  turn(actor: Actor): Promise<void> {
    return new Promise(grant => {
      if (actor.alive) this.#ready.push({ actor, grant, due: this.now });
    });
  }

  sleep(actor: Actor, ms: number): Promise<void> {
    return new Promise(grant => {
      if (actor.alive) this.#park({ actor, grant, due: this.now + Math.round(ms) });
    });
  }

  /** Like `sleep`, unless somebody wakes it first; only the first alarm or call counts. */
  nap(actor: Actor, ms: number): { readonly over: Promise<void>; readonly wake: () => void } {
    let ticket: Ticket | undefined;
    const over = new Promise<void>(grant => {
      ticket = { actor, grant, due: this.now + Math.round(ms) };
      if (actor.alive) this.#park(ticket);
    });
    const wake = () => {
      const place = this.#parked.indexOf(ticket!);
      if (place < 0) return;
      this.#parked.splice(place, 1);
      this.#ready.push(ticket!);
    };
    return { over, wake };
  }

  /**
   * Until the condition holds, or nothing can ever happen again.
   * @param strike whether to strike the actor down instead of granting its ticket
   */
  async run(until: () => boolean, strike: (actor: Actor) => boolean): Promise<void> {
    while (!until()) {
      const ticket = this.#draw();
      if (!ticket) return;
      if (!ticket.actor.alive) continue;
      this.steps += 1;
      this.now += this.#chance.below(2 * this.pace);
      this.digest = Math.imul(this.digest ^ (ticket.actor.number + this.now), 0x01000193) >>> 0;
      if (!ticket.actor.mortal || !strike(ticket.actor)) ticket.grant();
      await calm();
    }
  }

  #park(ticket: Ticket): void {
    this.#parked.push(ticket);
    this.#nextAlarm = Math.min(this.#nextAlarm, ticket.due);
  }

  #draw(): Ticket | undefined {
    if (this.#ready.length === 0) {
      if (this.#parked.length === 0) return undefined;
      this.now = Math.max(this.now, this.#earliest());
    }
    if (this.now >= this.#nextAlarm) this.#ring();
    const place = this.#chance.below(this.#ready.length);
    const ticket = this.#ready[place]!;
    this.#ready[place] = this.#ready.at(-1)!;
    this.#ready.pop();
    return ticket;
  }

  #ring(): void {
    for (const ticket of this.#parked) if (ticket.due <= this.now) this.#ready.push(ticket);
    this.#parked = this.#parked.filter(ticket => ticket.due > this.now);
    this.#nextAlarm = this.#earliest();
  }

  #earliest(): number {
    return this.#parked.reduce((earliest, { due }) => Math.min(earliest, due), Infinity);
  }
}

/** A place for one thing that somebody waits for. */
export class Box<Value> {
  #value: Value | undefined;
  #full = false;
  #wake: (() => void) | undefined;

  /** The first one counts. */
  fill(value: Value | undefined): void {
    if (this.#full) return;
    this.#full = true;
    this.#value = value;
    this.#wake?.();
  }

  /** Undefined when nothing came in time. */
  async wait(scheduler: Scheduler, actor: Actor, ms: number): Promise<Value | undefined> {
    if (this.#full) await scheduler.turn(actor);
    else {
      const { over, wake } = scheduler.nap(actor, ms);
      this.#wake = wake;
      await over;
    }
    return this.#value;
  }
}
