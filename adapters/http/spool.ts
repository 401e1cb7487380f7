import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HttpRefusal } from './errors.ts';

/** An upload that is complete, and gone once it has been read or dropped. */
export interface Spooled {
  readonly bytes: AsyncIterable<Uint8Array>;
  drop(): Promise<void>;
}

/** Takes an upload in whole before anything is done with it, on disk, so that memory stays flat. @throws HttpRefusal 413 */
export async function spool(stream: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Spooled> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pannier-upload-'));
  const file = path.join(folder, 'body');
  const drop = () => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(limited(stream, mostBytes), createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await drop();
    throw error;
  }
  return { bytes: contentOf(file), drop };
}

/** Opens the file only when it is read: nobody would hear that an unread stream has failed. */
async function* contentOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file) as AsyncIterable<Uint8Array>;
}

async function* limited(stream: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new HttpRefusal('PAYLOAD_TOO_LARGE', 'An import has at most 20 MB: send it in parts.');
    yield chunk;
  }
}
