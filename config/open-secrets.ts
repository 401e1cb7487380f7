import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { loadOrMakeSecret } from '../adapters/security/secret-file.ts';
import {
  generateSigningKeys,
  parseSigningKeys,
  type SigningKey,
  type SigningKeys,
} from '../adapters/security/signing-keys.ts';
import type { Settings } from './settings.ts';

export interface Secrets {
  readonly signingKeys: SigningKeys;
  readonly peppers: readonly [string, ...string[]];
  /** Seal personal data: the first one what is new. */
  readonly personalDataKeys: readonly [string, ...string[]];
  /** Signs list cursors; follows from the signing key, so that all processes of a shop agree. */
  readonly cursorKey: Buffer;
  /** Hides who is counted by the rate limits; follows from it, too. */
  readonly limitKey: Buffer;
  /** What derived tokens follow from: one for each signing key, so that replacing one logs nobody out. */
  readonly tokenSecrets: readonly [Buffer, ...Buffer[]];
}

/** Secrets from the settings; outside production those that are missing are made once and kept beside the data. */
export function openSecrets(settings: Settings): Secrets {
  const kept = (name: string, make: () => string) =>
    settings.secretsFolder ? loadOrMakeSecret(path.join(settings.secretsFolder, 'secrets', name), make) : make();
  const keyText = settings.jwtKeys ?? kept('signing-keys.json', generateSigningKeys);
  const signingKeys = parseSigningKeys(keyText);
  const randomText = () => randomBytes(32).toString('base64url');
  const [pepper, ...olderPeppers] = settings.passwordPeppers ?? [kept('password-pepper', randomText)];
  const [dataKey, ...olderDataKeys] = settings.personalDataKeys ?? [kept('personal-data-key', randomText)];
  const seed = createHash('sha256').update(keyText).digest();
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', seed, '', purpose, 32));
  const [newest, ...older] = signingKeys;
  return {
    signingKeys,
    peppers: [pepper!, ...olderPeppers],
    personalDataKeys: [dataKey!, ...olderDataKeys],
    cursorKey: derived('pannier list cursors'),
    limitKey: derived('pannier rate limits'),
    tokenSecrets: [tokenSecretOf(newest), ...older.map(tokenSecretOf)],
  };
}

function tokenSecretOf({ privateKey }: SigningKey): Buffer {
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' });
  return Buffer.from(hkdfSync('sha256', seed, '', 'pannier derived tokens', 32));
}
