import type { Clock } from '../../application/ports/clock.ts';

/** The clock of the machine; it may jump when somebody sets it. */
export class SystemClock implements Clock {
  now(): Date {
    return new Date();
  }
}
