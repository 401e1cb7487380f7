/** Somebody came when so many were waiting already that there is no hope of a turn soon. */
export class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting';
}

/** Lets at most so many jobs run at once; the others wait their turn in the order they came. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];
  readonly #mostWaiting: number;
  #free: number;

  constructor(places: number, mostWaiting = Infinity) {
    if (!Number.isSafeInteger(places) || places < 1) throw new RangeError('A semaphore needs at least one place');
    this.#free = places;
    this.#mostWaiting = mostWaiting;
  }

  /** @throws TooManyWaiting at once, when there is no room to wait */
  async run<Result>(job: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else if (this.#waiting.length >= this.#mostWaiting) throw new TooManyWaiting();
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
