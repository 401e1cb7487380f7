import type { User, UserSnapshot } from '../../domain/identity/user.ts';

/**
 * Whether what is known of an account is not so any more: while a password was looked at, another one was chosen, or the
 * account was shut or erased. The same password hashed anew is no other.
 */
export function isAnother(current: User | undefined, known: UserSnapshot): boolean {
  if (!current) return true;
  const { passwordHash, version, disabled } = current.snapshot();
  return disabled || (passwordHash !== known.passwordHash && version !== known.version);
}
