import { createHmac, timingSafeEqual } from 'node:crypto';

/** Names the algorithm and the secret's holder by `t`, in seconds, and `v1`, in hex. */
export const SIGNATURE_HEADER = 'Sandbox-Signature';

const TOLERANCE_SECONDS = 300;
const LONGEST_HEADER = 4096;

export function signatureOf(body: Buffer | string, secret: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${hmac(body, secret, seconds).toString('hex')}`;
}

/** Whether one of the secrets has signed exactly these bytes within five minutes of `now`, before or after. */
export function isSignedBy(secrets: readonly string[], body: Buffer, signature: string, now: Date): boolean {
  if (signature.length > LONGEST_HEADER) return false;
  const parts = signature.split(',').map(part => part.split('=') as [string, string?]);
  const [time, ...otherTimes] = parts.filter(([name]) => name === 't').map(([, value = '']) => value);
  if (time === undefined || otherTimes.length > 0 || !/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(time)) > TOLERANCE_SECONDS) return false;
  const given = parts.filter(([name]) => name === 'v1').map(([, value = '']) => Buffer.from(value, 'hex'));
  return secrets.some(secret => {
    if (secret.trim() === '') return false;
    const expected = hmac(body, secret, Number(time));
    return given.some(one => one.length === expected.length && timingSafeEqual(one, expected));
  });
}

const hmac = (body: Buffer | string, secret: string, seconds: number): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
