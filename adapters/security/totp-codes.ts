import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { OneTimeCodes } from '../../application/ports/one-time-codes.ts';

const SECRET_BYTES = 20;
const RECOVERY_BYTES = 10;
/** What every authenticator understands; several ignore other values without a word. */
const SCHEME = { algorithm: 'SHA1', digits: 6, period: 30 } as const;

/** TOTP of RFC 6238. */
export class TotpCodes implements OneTimeCodes {
  readonly #issuer: string;

  constructor({ issuer }: { readonly issuer: string }) {
    this.#issuer = issuer;
  }

  newSecret(): string {
    return new Secret({ buffer: bytesOf(SECRET_BYTES) }).base32;
  }

  urlOf(secret: string, account: string): string {
    return new TOTP({ ...SCHEME, issuer: this.#issuer, label: account, secret }).toString();
  }

  stepOf(secret: string, code: string, at: Date): number | undefined {
    if (!/^\d{6}$/.test(code)) return undefined;
    const totp = new TOTP({ ...SCHEME, secret });
    const timestamp = at.getTime();
    const delta = totp.validate({ token: code, timestamp, window: 1 });
    return delta === null ? undefined : totp.counter({ timestamp }) + delta;
  }

  newRecoveryCode(): string {
    const text = new Secret({ buffer: bytesOf(RECOVERY_BYTES) }).base32.toLowerCase();
    return text.match(/.{4}/g)!.join('-');
  }
}

const bytesOf = (count: number): ArrayBuffer => new Uint8Array(randomBytes(count)).buffer;
