import type { Actor, Scheduler } from './scheduler.ts';

class Killed extends Error {}

/** One life of a simulated process. Whatever it was doing when it is killed stops for ever, between two port calls. */
export class Process implements Actor {
  readonly name: string;
  readonly number: number;
  readonly mortal = true;
  /** How far its clock is off, in milliseconds. */
  readonly skew: number;
  readonly #scheduler: Scheduler;
  readonly #openUnits = new Set<(error: Error) => void>();
  readonly #connections = new Set<() => void>();
  #alive = true;

  constructor(scheduler: Scheduler, { name, number, skew }: { name: string; number: number; skew: number }) {
    this.#scheduler = scheduler;
    this.name = name;
    this.number = number;
    this.skew = skew;
  }

  get alive(): boolean {
    return this.#alive;
  }

  turn(): Promise<void> {
    return this.#scheduler.turn(this);
  }

  /** Work inside a transaction, which the store rolls back when the process dies. */
  transact<Result>(work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const end = () => this.#openUnits.delete(reject);
      if (!this.#alive) reject(new Killed());
      else {
        this.#openUnits.add(reject);
        void work().then(resolve, reject).finally(end);
      }
    });
  }

  /** Told when the process dies; resolves to what ends the connection. */
  connect(broken: () => void): () => void {
    this.#connections.add(broken);
    return () => this.#connections.delete(broken);
  }

  die(): void {
    this.#alive = false;
    for (const rollBack of this.#openUnits) rollBack(new Killed());
    for (const broken of this.#connections) broken();
    this.#openUnits.clear();
    this.#connections.clear();
  }
}
