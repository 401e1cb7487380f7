/** The codes of authenticators, which change every half minute, and those that stand in when one is lost. */
export interface OneTimeCodes {
  /** At least 160 random bits, as text that a person can type into an authenticator. */
  newSecret(): string;
  /** What an authenticator reads from a QR code; `account` is shown there. */
  urlOf(secret: string, account: string): string;
  /** The number of the half minute that this is the code of, if that is now or one before or after; never rejects. */
  stepOf(secret: string, code: string, at: Date): number | undefined;
  /** At least 80 random bits, in groups that can be copied from paper. */
  newRecoveryCode(): string;
}
