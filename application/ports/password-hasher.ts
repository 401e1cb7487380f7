export interface PasswordHasher {
  /** A salted, slow hash that says itself how it was made. Never blocks the event loop. */
  hash(password: string): Promise<string>;
  /** False for a wrong password and for a malformed hash; every byte of the password counts. */
  verify(password: string, hash: string): Promise<boolean>;
  /** Takes as long as a real check and fails: for accounts that do not exist. */
  verifyNothing(password: string): Promise<false>;
}
