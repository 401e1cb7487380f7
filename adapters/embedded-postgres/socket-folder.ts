import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { handOver, type Owner } from './identity.ts';

/** The system keeps 104 bytes for a socket's path on macOS and 108 on Linux. */
const LONGEST_PATH = 100;

/** @param folder the real path of the data folder: the same folder always gets the same sockets */
export function socketFolderFor(folder: string): string {
  const name = `pannier-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  const here = join(tmpdir(), name);
  return Buffer.byteLength(join(here, '.s.PGSQL.5432')) < LONGEST_PATH ? here : join('/tmp', name);
}

/** Whoever may enter this folder may read the shop without a password: only the server's owner, and root, may. */
export function makeSocketFolder(path: string, owner: Owner | undefined): void {
  const mine = process.geteuid?.() ?? 0;
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && (!found.isDirectory() || ![mine, owner?.uid].includes(found.uid))) {
    if (mine !== 0)
      throw new EmbeddedPostgresError(
        `${path}, where the sockets of this data folder belong, is in the hands of another user.`,
        `Remove ${path}, or set TMPDIR to a folder of your own.`,
      );
    rmSync(path, { recursive: true, force: true });
  }
  mkdirSync(path, { recursive: true, mode: 0o700 });
  handOver(path, owner);
  chmodSync(path, 0o700);
}
