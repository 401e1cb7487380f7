import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SourceFile } from './rules.ts';
import { read } from './source-text.ts';

/** The folder of package.json, wherever these tests run from: the sources or what was compiled of them. */
export function projectRoot(from = import.meta.dirname): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('There is no package.json above this test');
  return projectRoot(parent);
}

/** Paths of everything that is, or is about to be, in the repository; without git, of everything but what is built. */
export function projectFiles(root: string): string[] {
  try {
    const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return [...new Set(listed.split('\0'))].filter(path => path && existsSync(join(root, path)));
  } catch {
    return walk(root, '');
  }
}

const BUILT = new Set(['node_modules', 'dist', 'data', 'coverage', '.git', '.cache', '.env']);

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    if (folder === '' && BUILT.has(entry.name)) return [];
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    return entry.isDirectory() ? walk(root, path) : [path];
  });
}

/** The content of a text file; undefined for pictures and other binaries. */
export function textOf(root: string, path: string): string | undefined {
  const bytes = readFileSync(join(root, path));
  return bytes.subarray(0, 8_000).includes(0) ? undefined : bytes.toString('utf8');
}

export const sourceFile = (path: string, text: string): SourceFile => ({ path, ...read(text) });

export const sourcesOf = (root: string, paths: readonly string[]): SourceFile[] =>
  paths
    .filter(path => /^(?:domain|application|adapters|config|test)\/.*\.[mc]?[jt]sx?$|^[^/]+\.[mc]?[jt]s$/.test(path))
    .map(path => sourceFile(path, readFileSync(join(root, path), 'utf8')));
