/** Judges how long a password would take to guess. */
export interface PasswordStrength {
  /**
   * What is wrong with it, in words for the person who chose it; undefined when it is hard enough to guess. `about`: words
   * that an attacker would try first for this person. May look at the beginning of a long password only. Does not keep
   * the process from its other work for longer than a few hundredths of a second. Never rejects for what the password is.
   */
  weaknessOf(password: string, about: readonly string[]): Promise<string | undefined>;
}
