import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomFillSync } from 'node:crypto';
import {
  type PersonalDataCipher,
  type PersonKey,
  type Place,
  UnreadablePersonalData,
} from '../../application/ports/personal-data.ts';
import { Recent } from '../../application/recent.ts';
import type { EmailAddress } from '../../domain/identity/email-address.ts';

/** One secret stands for several: what it wraps, indexes and compares with and its name must not tell of one another. */
interface MasterKey {
  readonly kid: string;
  readonly wrapping: Buffer;
  readonly indexing: Buffer;
  readonly comparing: Buffer;
}

interface DataKey {
  readonly kid: string;
  readonly bytes: Buffer;
}

/** `v1:<kid>:<nonce>:<ct>:<tag>`, all but the first in base64url. */
const SEALED = /^v1:([\w-]{1,64}):([\w-]{16}):([\w-]*):([\w-]{22})$/;

/** A few megabytes. */
const LEAST_OPEN_KEYS = 10_000;

/**
 * AES-256-GCM with a random nonce of 96 bits for each text. A data key seals the few fields of one person and the
 * wrapping key one key for each person, both far below the 2³² texts for which random nonces are good.
 */
export class AesPersonalData implements PersonalDataCipher {
  readonly kids: readonly [string, ...string[]];
  readonly #first: MasterKey;
  readonly #masters: ReadonlyMap<string, MasterKey>;
  readonly #random = new RandomBytes();
  /** By what was unwrapped: that says all, so nothing in here gets stale. What is gone from its row is never asked for. */
  readonly #open = new Recent<DataKey>(LEAST_OPEN_KEYS);

  constructor({ secrets }: { secrets: readonly [string, ...string[]] }) {
    this.#first = masterOf(secrets[0]);
    this.#masters = new Map(secrets.map(masterOf).map(master => [master.kid, master]));
    this.kids = [this.#first.kid, ...[...this.#masters.keys()].slice(1)];
  }

  newKey(personId: string): PersonKey {
    return this.#wrap(personId, dataKeyOf(this.#random.take(32)));
  }

  rewrap(key: PersonKey): PersonKey {
    return this.#wrap(key.personId, this.#unwrap(key));
  }

  seal(key: PersonKey, place: Place, text: string): string {
    const { kid, bytes } = this.#unwrap(key);
    return this.#encrypt(bytes, kid, textOf(place), Buffer.from(text, 'utf8'));
  }

  open(key: PersonKey, place: Place, sealed: string): string {
    const { kid, bytes } = this.#unwrap(key);
    return decrypt(bytes, kid, place, sealed).toString('utf8');
  }

  emailIndexes(email: EmailAddress): readonly [string, ...string[]] {
    return this.#marks('indexing', email);
  }

  fingerprints(text: string): readonly [string, ...string[]] {
    return this.#marks('comparing', text);
  }

  #marks(use: 'indexing' | 'comparing', text: string): readonly [string, ...string[]] {
    const [first, ...others] = [...this.#masters.values()].map(
      master => `${master.kid}:${createHmac('sha256', master[use]).update(text, 'utf8').digest('base64url')}`,
    );
    return [first!, ...others];
  }

  #wrap(personId: string, dataKey: DataKey): PersonKey {
    const { kid, wrapping } = this.#first;
    const key = { personId, wrapped: this.#encrypt(wrapping, kid, personId, dataKey.bytes) };
    this.#open.set(nameOf(key), dataKey);
    return key;
  }

  #unwrap(key: PersonKey): DataKey {
    const known = this.#open.get(nameOf(key));
    if (known) return known;
    const kid = SEALED.exec(key.wrapped)?.[1] ?? '';
    const master = this.#masters.get(kid);
    const place = { table: 'person_keys', column: 'wrapped', row: key.personId };
    if (!master) throw new UnreadablePersonalData(place, kid || 'of no known form');
    const dataKey = dataKeyOf(decrypt(master.wrapping, kid, place, key.wrapped, key.personId));
    this.#open.set(nameOf(key), dataKey);
    return dataKey;
  }

  #encrypt(key: Buffer, kid: string, about: string, plain: Buffer): string {
    const nonce = this.#random.take(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about, 'utf8'));
    const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
    return `v1:${kid}:${[nonce, ciphertext, cipher.getAuthTag()].map(part => part.toString('base64url')).join(':')}`;
  }
}

/** To ask for random bytes costs more than to get them, so they are asked for many at a time. Each is handed out once. */
class RandomBytes {
  readonly #stock = Buffer.alloc(4096);
  #used = this.#stock.length;

  take(count: number): Buffer {
    if (this.#used + count > this.#stock.length) {
      randomFillSync(this.#stock);
      this.#used = 0;
    }
    this.#used += count;
    return Buffer.from(this.#stock.subarray(this.#used - count, this.#used));
  }
}

const nameOf = ({ personId, wrapped }: PersonKey): string => `${personId} ${wrapped}`;

const textOf = ({ table, column, row }: Place): string => `${table}‖${column}‖${row}`;

/** Says which key it is, and nothing of it. */
const kidOf = (key: Buffer | string, what: string): string =>
  createHmac('sha256', key).update(`id of this ${what}`).digest().subarray(0, 9).toString('base64url');

const dataKeyOf = (bytes: Buffer): DataKey => ({ kid: kidOf(bytes, 'data key'), bytes });

function masterOf(secret: string): MasterKey {
  const derived = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `pannier personal data: ${use}`, 32));
  return {
    kid: kidOf(secret, 'master key'),
    wrapping: derived('wrapping'),
    indexing: derived('e-mail index'),
    comparing: derived('fingerprints'),
  };
}

function decrypt(key: Buffer, kid: string, place: Place, sealed: string, about = textOf(place)): Buffer {
  const [, named, nonce, ciphertext, tag] = SEALED.exec(sealed) ?? [];
  if (named !== kid) throw new UnreadablePersonalData(place, named ?? 'of no known form');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytesOf(nonce!), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(about, 'utf8')).setAuthTag(bytesOf(tag!));
    return Buffer.concat([decipher.update(bytesOf(ciphertext!)), decipher.final()]);
  } catch {
    // Its own words are not passed on: they could be anything.
    throw new UnreadablePersonalData(place, kid);
  }
}

/** Node ignores bits that do not make up a byte, so that several texts would mean the same: only one of them is taken. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new RangeError('not in its one form');
  return bytes;
}
