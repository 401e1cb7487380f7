/** Lets at most so many jobs run at once; the others wait their turn in the order they came. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(places: number) {
    if (!Number.isSafeInteger(places) || places < 1) throw new RangeError('A semaphore needs at least one place');
    this.#free = places;
  }

  async run<Result>(job: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      // The place goes straight to the next in line, or a newcomer could slip in before it wakes up.
      if (next) next();
      else this.#free += 1;
    }
  }
}
