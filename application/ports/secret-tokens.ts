/** Tokens that are shown once and stored only as a hash: refresh tokens, guest carts, API keys. */
export interface SecretTokens {
  /** At least 128 random bits, URL-safe, 32 to 64 characters. */
  next(): string;
  /** One-way and deterministic, so that a token can be looked up without being stored. */
  hash(token: string): string;
  /**
   * Tokens that follow from another one and a key, so that they can be made again without having been stored; nobody
   * else can. The first is for new ones, the others are what it was before a secret was replaced.
   */
  derive(token: string, key: string): readonly [string, ...string[]];
  /** Whether this is the hash of the token. Takes as long whatever the answer is. */
  matches(token: string, hash: string): boolean;
}
