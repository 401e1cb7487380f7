import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The text of a file, which is made for its owner's eyes only when it is not there. Processes that start at the same time
 * end up with the same text. Meant for a machine of one's own: in production secrets come from the settings.
 */
export function loadOrMakeSecret(file: string, make: () => string): string {
  const known = readIfThere(file);
  if (known !== undefined) return known;
  const folder = path.dirname(file);
  // Only this one is closed: what stands around it may have to be entered by others, such as the user of a Postgres.
  mkdirSync(path.dirname(folder), { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, make(), { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, file); // Unlike a rename, this leaves a file alone that somebody else was faster to make.
  } catch (error) {
    if (readIfThere(file) === undefined) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
