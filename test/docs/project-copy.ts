import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aFolder } from '../support/shop-process.ts';
import { type Page, root } from './pages.ts';

/** Everything that a build needs, with what was built before, so that little is built again. */
const PARTS = [
  'domain',
  'application',
  'adapters',
  'config',
  'test',
  'dist',
  'knexfile.ts',
  'package.json',
  'tsconfig.json',
];

/** The project in another folder, with the files in it that a page tells its reader to write. */
export function copyWith({ blocks }: Page): ReturnType<typeof aFolder> {
  const folder = aFolder();
  for (const part of PARTS) cpSync(join(root, part), join(folder.path, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder.path, 'node_modules'));
  for (const { info, text } of blocks) {
    const path = /^file=(\S+)$/.exec(info)?.[1];
    if (path === undefined) continue;
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
  return folder;
}
