import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of package.json, from source and from compiled code alike. */
export const PROJECT_ROOT = findRoot(import.meta.dirname);

export const { version: VERSION } = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

function findRoot(folder: string): string {
  try {
    readFileSync(path.join(folder, 'package.json'));
    return folder;
  } catch {
    return findRoot(path.dirname(folder));
  }
}
