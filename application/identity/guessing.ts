import type { EmailAddress } from '../../domain/identity/email-address.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { type RateClass, type RateLimits, TooManyAttempts } from '../ports/rate-limits.ts';

interface Guesser {
  readonly email: EmailAddress;
  /** Where the guess comes from, as far as one person can be told from another there. */
  readonly network: string;
}

/** A guess that was let through, and counts as a failure until it is said to be none. */
export interface Guess {
  /** Whether it was the last that is let through for a while, if it is wrong. */
  readonly isLast: boolean;
  right(): Promise<void>;
  /** It does not say whether the guess was right: it just does not count. */
  void(): Promise<void>;
}

/**
 * Counts guesses at what only the owner of an account knows, before they are looked at: of many at the same moment no more
 * are looked at than the limit. Accounts that do not exist are counted like those that do.
 */
export class Guessing {
  readonly #rateLimits: RateLimits;
  /** Off for load tests, whose customers all come from one address. */
  readonly #countsAddresses: boolean;

  constructor({ rateLimits, countsAddresses }: { rateLimits: RateLimits; countsAddresses: boolean }) {
    this.#rateLimits = rateLimits;
    this.#countsAddresses = countsAddresses;
  }

  /**
   * Looks at a guess. One that could not be looked at does not count: an outage must not shut anybody out.
   * @throws TooManyAttempts for known and unknown accounts alike, and whatever `look` throws
   */
  async take<Result>(guesser: Guesser, look: (guess: Guess) => Promise<Result>): Promise<Result> {
    const guess = await this.#begin(guesser);
    try {
      return await look(guess);
    } catch (error) {
      if (!(error instanceof DomainError)) await guess.void();
      throw error;
    }
  }

  async #begin({ email, network }: Guesser): Promise<Guess> {
    const limits = this.#rateLimits;
    // An address that is shut out must not use up what the account may still take from others.
    const counted: (readonly [RateClass, string])[] = [
      ['failures-here', here({ email, network })],
      ...(this.#countsAddresses ? [['failures-of-address', network] as const] : []),
      ['failures-of-account', email],
    ];
    let isLast = false;
    for (const [rateClass, caller] of counted) {
      const { allowed, remaining, resetSeconds } = await limits.take(rateClass, caller);
      if (!allowed) throw new TooManyAttempts(resetSeconds);
      isLast ||= remaining === 0;
    }
    const giveBack = async () => {
      for (const [rateClass, caller] of counted) await limits.giveBack(rateClass, caller);
    };
    const right = async () => {
      for (const [rateClass, caller] of counted.slice(1)) await limits.giveBack(rateClass, caller);
      await limits.clear('failures-here', here({ email, network }));
    };
    return { isLast, right, void: giveBack };
  }

  /** Whoever reads the mail of the account has shown that they own it. */
  async unlock({ email, network }: Guesser): Promise<void> {
    await this.#rateLimits.clear('failures-here', here({ email, network }));
    await this.#rateLimits.clear('failures-of-account', email);
  }
}

const here = ({ email, network }: Guesser): string => `${network} ${email}`;
