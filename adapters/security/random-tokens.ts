import { createHash, randomBytes } from 'node:crypto';
import type { SecretTokens } from '../../application/ports/secret-tokens.ts';

/** 256 random bits in 43 characters. They cannot be guessed, so one fast SHA-256 in hex is enough to store them. */
export class RandomTokens implements SecretTokens {
  next(): string {
    return randomBytes(32).toString('base64url');
  }

  hash(token: string): string {
    return createHash('sha256').update(token).digest('hex');
  }
}
