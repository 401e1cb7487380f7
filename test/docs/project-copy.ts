import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aFolder } from '../support/shop-process.ts';
import { type Page, root } from './pages.ts';

/** Everything that a build needs, with what was built before, so that little is built again. */
const PARTS = 'domain application adapters config test dist knexfile.ts package.json tsconfig.json .mocharc.json'.split(
  ' ',
);

/** The project in another folder, where a reader can write files and build. */
export class ProjectCopy {
  readonly #folder = aFolder();

  constructor() {
    for (const part of PARTS) cpSync(join(root, part), join(this.path, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.path, 'node_modules'));
  }

  get path(): string {
    return this.#folder.path;
  }

  /** Does something while the files are there that a page tells its reader to write, and not those of another page. */
  async with<Result>({ blocks }: Page, work: () => Promise<Result>): Promise<Result> {
    const written: string[] = [];
    for (const { info, text } of blocks) {
      const path = /^file=(\S+)$/.exec(info)?.[1];
      if (path === undefined) continue;
      const file = join(this.path, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      written.push(file);
    }
    try {
      return await work();
    } finally {
      for (const file of written) rmSync(file);
    }
  }

  remove(): void {
    this.#folder.remove();
  }
}
