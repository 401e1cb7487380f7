import type { SecondFactor } from '../../domain/identity/second-factor.ts';
import type { OneTimeCodes } from '../ports/one-time-codes.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { Collections } from '../ports/unit-of-work.ts';

interface Ports {
  readonly codes: OneTimeCodes;
  readonly secretTokens: SecretTokens;
}

/** Recovery codes may be typed in any case, with or without their hyphens. */
export const recoveryHash = (code: string, secretTokens: SecretTokens): string =>
  secretTokens.hash(code.toLowerCase().replace(/[^a-z0-9]/g, ''));

/** Whether a code is good, of the authenticator or of paper. It is used up with the unit of work. */
export async function takeCode(
  { secondFactors, audit }: Pick<Collections, 'secondFactors' | 'audit'>,
  { factor, code, at }: { factor: SecondFactor; code: string; at: Date },
  { codes, secretTokens }: Ports,
): Promise<boolean> {
  const { secret, userId } = factor.snapshot();
  const step = codes.stepOf(secret, code, at);
  const onPaper = step === undefined && factor.takeRecoveryCode(recoveryHash(code, secretTokens));
  if (!onPaper && (step === undefined || !factor.takeStep(step))) return false;
  await secondFactors.save(factor);
  if (onPaper) {
    const left = factor.snapshot().recoveryHashes.length;
    audit.add({
      action: 'recovery-code.used',
      outcome: 'done',
      subject: { type: 'user', id: userId },
      after: { codes_left: left },
    });
  }
  return true;
}
