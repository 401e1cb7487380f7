import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFiles, projectRoot } from '../architecture/project.ts';

export const root = projectRoot();
export const files: ReadonlySet<string> = new Set(projectFiles(root));

/** A fenced block: ```` ```ts file=adapters/x.ts ````. */
export interface Block {
  readonly language: string;
  /** What stands behind the language. */
  readonly info: string;
  readonly text: string;
}

export interface Page {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

export function pageOf(path: string, text: string): Page {
  const blocks = [...text.matchAll(/^```(\w+) *(.*)\n([\s\S]*?)^```$/gm)].map(([, language, info, body]) => ({
    language: language!,
    info: info!,
    text: body!,
  }));
  return { path, text, blocks };
}

/** Everything that a reader is given to read. */
export const PAGES: readonly Page[] = [...files]
  .filter(path => path === 'README.md' || /^docs\/.*\.md$/.test(path))
  .toSorted()
  .map(path => pageOf(path, readFileSync(join(root, path), 'utf8')));

/** The text without what stands in fences, where nothing is a link. */
export const proseOf = ({ text }: Page): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '');

/** As GitHub makes anchors of headings. */
export const anchorsOf = (page: Page): string[] =>
  [...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\s-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
