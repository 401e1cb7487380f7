/** How costly a request is to serve, or how useful to an attacker. */
export type RateClass = 'read' | 'write' | 'sign-in' | 'checkout' | 'webhook';

export interface RateVerdict {
  readonly allowed: boolean;
  /** Requests per window. */
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Until the window starts anew; at least 1. */
  readonly resetSeconds: number;
}

/** Keeps one caller from wearing the shop out. May be remote, so it is never asked inside a unit of work. */
export interface RateLimits {
  /**
   * Counts one request of this caller. Never rejects: when counting together with other processes is not possible, each
   * counts alone.
   */
  take(rateClass: RateClass, caller: string): Promise<RateVerdict>;
}
