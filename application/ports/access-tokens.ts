import type { Permission, Role } from '../../domain/identity/permissions.ts';
import type { UserId } from '../../domain/shared/ids.ts';

export interface AccessClaims {
  readonly issuer: string;
  readonly id: string;
  readonly userId: UserId;
  readonly role: Role;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** `permissions` are for its readers; the shop looks up what the role permits itself. */
export interface NewAccessToken extends Omit<AccessClaims, 'issuer' | 'issuedAt'> {
  readonly permissions: readonly Permission[];
}

/** Short-lived signed statements of who is calling; they hold nothing personal. */
export interface AccessTokens {
  /** In whose name tokens are issued; only such verify. */
  readonly issuer: string;
  issue(claims: NewAccessToken): string;
  /** `expired` only for a token that was good once; anything else that is wrong with it is `invalid`. Never rejects. */
  verify(token: string): AccessClaims | 'invalid' | 'expired';
  /** The public halves of the signing keys, as a JWK set. */
  publicKeys(): { readonly keys: readonly object[] };
}
