/** How costly a request is to serve, or how useful to an attacker. */
export type RequestClass = 'read' | 'write' | 'sign-in' | 'checkout' | 'webhook';

/**
 * What is counted beside requests: failed sign-ins of an account from one address, from one address, and of an account
 * from anywhere; and mails that somebody asked for.
 */
export type RateClass = RequestClass | 'failures-here' | 'failures-of-address' | 'failures-of-account' | 'mail';

export interface RateVerdict {
  readonly allowed: boolean;
  /** Times per window. */
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Until the window starts anew; at least 1. */
  readonly resetSeconds: number;
}

/**
 * Keeps one caller from wearing the shop out. May be remote, so it is never asked inside a unit of work. Nothing here ever
 * rejects: when counting together with other processes is not possible, each counts alone. Callers are kept as keyed
 * hashes, so they may be named by what is personal.
 */
export interface RateLimits {
  /** Counts once. Of many at the same moment no more are allowed than the limit. */
  take(rateClass: RateClass, caller: string): Promise<RateVerdict>;
  /** That one did not count. */
  giveBack(rateClass: RateClass, caller: string): Promise<void>;
  /** None did. */
  clear(rateClass: RateClass, caller: string): Promise<void>;
}

/** Somebody has tried too often. */
export class TooManyAttempts extends Error {
  override readonly name = 'TooManyAttempts';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('Too many attempts.');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
