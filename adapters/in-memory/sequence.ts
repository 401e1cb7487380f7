import type { Clock } from '../../application/ports/clock.ts';

/**
 * Ids for rows that no aggregate owns (events, movements): UUIDv7 in shape, each greater than the one before, even when
 * the clock is set back. They hold no randomness, so that a run can be repeated exactly.
 */
export class Sequence {
  readonly #clock: Clock;
  #time = 0;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): string {
    this.#time = Math.max(this.#time, this.#clock.now().getTime());
    this.#count += 1;
    const time = this.#time.toString(16).padStart(12, '0');
    const count = this.#count.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${count}`;
  }
}
