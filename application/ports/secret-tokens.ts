/** Random tokens that are shown once and stored only as a hash: refresh tokens, guest carts. */
export interface SecretTokens {
  /** At least 128 random bits, URL-safe, 32 to 64 characters. */
  next(): string;
  /** One-way and deterministic, so that a token can be looked up without being stored. */
  hash(token: string): string;
}
