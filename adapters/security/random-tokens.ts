import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SecretTokens } from '../../application/ports/secret-tokens.ts';

type Secrets = readonly [Uint8Array, ...Uint8Array[]];

/** 256 random bits in 43 characters. They cannot be guessed, so one fast SHA-256 in hex is enough to store them. */
export class RandomTokens implements SecretTokens {
  readonly #secrets: Secrets;

  /** @param secrets what derived tokens follow from, the newest first; of this process alone when left out */
  constructor({ secrets = [randomBytes(32)] }: { readonly secrets?: Secrets } = {}) {
    this.#secrets = secrets;
  }

  next(): string {
    return randomBytes(32).toString('base64url');
  }

  hash(token: string): string {
    return createHash('sha256').update(token).digest('hex');
  }

  derive(token: string, key: string): readonly [string, ...string[]] {
    const under = (secret: Uint8Array) => createHmac('sha256', secret).update(`${token}\n${key}`).digest('base64url');
    const [newest, ...older] = this.#secrets;
    return [under(newest), ...older.map(under)];
  }

  matches(token: string, hash: string): boolean {
    const [one, other] = [Buffer.from(this.hash(token)), Buffer.from(hash)];
    return one.length === other.length && timingSafeEqual(one, other);
  }
}
