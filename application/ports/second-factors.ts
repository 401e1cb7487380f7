import type { SecondFactor } from '../../domain/identity/second-factor.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** At most one for each user. */
export interface SecondFactors {
  /** Also one that is not confirmed yet. */
  find(userId: UserId): Promise<SecondFactor | undefined>;
  /** Adds or replaces. */
  save(factor: SecondFactor): Promise<void>;
  /** Removing what is not there changes nothing. */
  remove(userId: UserId): Promise<void>;
}

/** May be asked on every request of staff, so an answer must be cheap; rejects rather than guess. */
export interface SecondFactorQueries {
  /** Whether it is confirmed, and so asked for at every sign-in. */
  isOn(userId: UserId): Promise<boolean>;
}
