import type { TokenPurpose } from '../../domain/identity/one-time-token.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Collections } from '../ports/unit-of-work.ts';

/** None of those that are still on their way in a mail is good any more. */
export async function spendTokens(
  { oneTimeTokens }: Pick<Collections, 'oneTimeTokens'>,
  { userId, purpose }: { userId: UserId; purpose: TokenPurpose },
  now: Date,
): Promise<void> {
  for (const token of await oneTimeTokens.findUnusedOf(userId, purpose)) {
    token.spend(now);
    await oneTimeTokens.save(token);
  }
}
