import { isUtf8 } from 'node:buffer';

const PIECE = 64 * 1024;
const NEW_LINE = 0x0a;

export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
}

/**
 * The bytes in pieces of at most about 64 kB that never cut a character in two.
 * @throws NotUtf8 after it has passed on every whole line before the first that is not UTF-8
 */
export async function* utf8Pieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Uint8Array = Buffer.alloc(0);
  for await (const chunk of bytes)
    for (let start = 0; start < chunk.length; start += PIECE) {
      const piece = Buffer.concat([rest, chunk.subarray(start, start + PIECE)]);
      const end = lastWholeCharacter(piece);
      yield* checked(piece.subarray(0, end));
      rest = piece.subarray(end);
    }
  if (rest.length > 0) throw new NotUtf8();
}

function* checked(piece: Buffer): Generator<Buffer> {
  if (isUtf8(piece)) {
    yield piece;
    return;
  }
  let start = 0;
  for (let end = piece.indexOf(NEW_LINE); end >= 0; end = piece.indexOf(NEW_LINE, start)) {
    const line = piece.subarray(start, end + 1);
    if (!isUtf8(line)) break;
    yield line;
    start = end + 1;
  }
  throw new NotUtf8();
}

/** Where a character begins that goes on in the next piece; else the end. */
function lastWholeCharacter(piece: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, piece.length); back++) {
    const byte = piece[piece.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? piece.length - back : piece.length;
    }
  }
  return piece.length;
}
