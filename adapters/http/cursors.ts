import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Position } from '../../application/ports/paging.ts';
import { invalidValue } from '../../domain/shared/domain-error.ts';

const MAC_BYTES = 16;

/** Positions in a list as opaque text. A cursor is signed, and good only for the list and order that it came from. */
export class CursorCodec {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  encode(list: string, { value, id }: Position): string {
    const text = Buffer.from(JSON.stringify([value, id]));
    return Buffer.concat([this.#mac(list, text), text]).toString('base64url');
  }

  /** @throws DomainError VALIDATION_ERROR on `cursor` */
  decode(list: string, cursor: string): Position {
    const bytes = Buffer.from(cursor, 'base64url');
    const text = bytes.subarray(MAC_BYTES);
    const mac = this.#mac(list, text);
    // Decoding is lenient: it passes over characters that do not belong there.
    const asGiven = bytes.toString('base64url') === cursor && bytes.length > MAC_BYTES;
    if (!asGiven || !timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac))
      throw invalidValue('cursor', 'is not one that this list gave out');
    const [value, id] = JSON.parse(text.toString()) as [string | number, string];
    return { value, id };
  }

  #mac(list: string, text: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(`${list}\n`).update(text).digest().subarray(0, MAC_BYTES);
  }
}
