import { createHmac } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { PasswordHasher } from '../../application/ports/password-hasher.ts';
import { Unavailable } from '../../application/ports/unit-of-work.ts';
import { Semaphore, TooManyWaiting } from './semaphore.ts';

export interface BcryptSettings {
  /** Secrets that are not in the database. The first makes new hashes, the others still verify older ones. */
  readonly peppers: readonly [string, ...string[]];
  /** bcrypt's cost: each step doubles the time. */
  readonly cost?: number;
  /** How many bcrypt jobs may run at once; fewer than libuv has threads, or reading a file waits for a login. */
  readonly concurrency?: number;
  /** How many may wait for their turn; who comes then is sent away, because nobody waits for minutes. */
  readonly mostWaiting?: number;
}

const HASH = /^\$p1\$(?<pepperId>[\w-]{12})(?<bcryptHash>\$2b\$(?:0[4-9]|1\d)\$[./A-Za-z0-9]{53})$/;

/** Any salt and any digest: to compare with it costs as much as with a real one, and no password is known to fit it. */
const NOTHING = 'J9bUkXcVZ0sQ4eN1pLr7Fu3mHdTyGoA5iWxKvBzC2nMqPjRtSfEaY';

/**
 * bcrypt over base64(HMAC-SHA-256(pepper, password)): bcrypt alone ignores what follows byte 72 and stops at a NUL.
 *
 * A hash reads `$p1$<pepper id>$2b$<cost>$<salt and digest>`, so that it says itself which scheme (`p1`), pepper and cost
 * made it. The pepper id is derived from the pepper and need not be configured.
 */
export class BcryptPasswords implements PasswordHasher {
  readonly #pepper: Pepper;
  readonly #peppers: ReadonlyMap<string, Pepper>;
  readonly #cost: number;
  readonly #turns: Semaphore;

  constructor({ peppers, cost = 12, concurrency = 2, mostWaiting = 200 }: BcryptSettings) {
    if (!Number.isSafeInteger(cost) || cost < 4 || cost > 19) throw new RangeError('bcrypt cost must be 4 to 19');
    this.#pepper = pepperOf(peppers[0]);
    this.#peppers = new Map(peppers.map(pepperOf).map(pepper => [pepper.id, pepper]));
    this.#cost = cost;
    this.#turns = new Semaphore(concurrency, mostWaiting);
  }

  async hash(password: string): Promise<string> {
    const { id, secret } = this.#pepper;
    return `$p1$${id}${await this.#inTurn(() => bcrypt.hash(peppered(secret, password), this.#cost))}`;
  }

  async verify(password: string, hash: string): Promise<boolean> {
    const { pepperId, bcryptHash } = HASH.exec(hash)?.groups ?? {};
    const pepper = this.#peppers.get(pepperId ?? '');
    if (!pepper || !bcryptHash) return false;
    return this.#inTurn(() => bcrypt.compare(peppered(pepper.secret, password), bcryptHash));
  }

  async verifyNothing(password: string): Promise<false> {
    const nothing = `$2b$${twoDigits(this.#cost)}$${NOTHING}`;
    await this.#inTurn(() => bcrypt.compare(peppered(this.#pepper.secret, password), nothing));
    return false;
  }

  isOutdated(hash: string): boolean {
    const { pepperId, bcryptHash } = HASH.exec(hash)?.groups ?? {};
    return pepperId !== this.#pepper.id || !bcryptHash?.startsWith(`$2b$${twoDigits(this.#cost)}$`);
  }

  async #inTurn<Result>(job: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#turns.run(job);
    } catch (error) {
      if (error instanceof TooManyWaiting) throw new Unavailable('Too many passwords wait to be checked.');
      throw error;
    }
  }
}

const twoDigits = (cost: number): string => String(cost).padStart(2, '0');

interface Pepper {
  readonly id: string;
  readonly secret: string;
}

const hmac = (secret: string, text: string): Buffer => createHmac('sha256', secret).update(text, 'utf8').digest();

const pepperOf = (secret: string): Pepper => ({
  id: hmac(secret, 'id of this pepper').subarray(0, 9).toString('base64url'),
  secret,
});

const peppered = (secret: string, password: string): string => hmac(secret, password).toString('base64');
