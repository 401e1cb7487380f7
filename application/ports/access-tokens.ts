import type { Role } from '../../domain/identity/permissions.ts';
import type { UserId } from '../../domain/shared/ids.ts';

export interface AccessClaims {
  readonly id: string;
  readonly userId: UserId;
  readonly role: Role;
  readonly expiresAt: Date;
}

/** Short-lived signed statements of who is calling; they hold nothing personal. */
export interface AccessTokens {
  issue(claims: AccessClaims): string;
  /** `expired` only for a token that was good once; anything else that is wrong with it is `invalid`. Never rejects. */
  verify(token: string): AccessClaims | 'invalid' | 'expired';
  /** The public halves of the signing keys, as a JWK set. */
  publicKeys(): { readonly keys: readonly object[] };
}
