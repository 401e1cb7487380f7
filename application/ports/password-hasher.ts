export interface PasswordHasher {
  /**
   * A salted, slow hash that says itself how it was made. Never blocks the event loop. Rejects with `Unavailable` when so
   * many wait already that this one would wait too long, as the two others do.
   */
  hash(password: string): Promise<string>;
  /** False for a wrong password and for a malformed hash; every byte of the password counts. */
  verify(password: string, hash: string): Promise<boolean>;
  /** Takes as long as a real check and fails: for accounts that do not exist. */
  verifyNothing(password: string): Promise<false>;
  /** True when a hash made now would be made with another cost or secret: then make it anew while the password is known. */
  isOutdated(hash: string): boolean;
}
