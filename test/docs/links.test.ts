import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { anchorsOf, files, type Page, pageOf, PAGES, proseOf, root } from './pages.ts';

const isFolder = (path: string): boolean => existsSync(join(root, path)) && statSync(join(root, path)).isDirectory();

/** Links and pictures that lead to nothing in the project. */
function brokenLinks(page: Page, pages: readonly Page[]): string[] {
  const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to!);
  return links.filter(to => {
    if (/^https?:/.test(to)) return false;
    const [path = '', anchor] = to.split('#');
    const target = path ? posix.join(posix.dirname(page.path), path) : page.path;
    if (!files.has(target) && !isFolder(target)) return true;
    if (anchor === undefined) return false;
    const there = pages.find(other => other.path === target);
    return !there || !anchorsOf(there).includes(anchor);
  });
}

/** Pages that no other page leads to. */
function unreachable(pages: readonly Page[]): string[] {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    const page = pages.find(other => other.path === path);
    for (const [, to] of page ? proseOf(page).matchAll(/\]\(([^)#\s]+\.md)[^)]*\)/g) : [])
      reached.add(posix.join(posix.dirname(path), to!));
  }
  return pages.map(({ path }) => path).filter(path => !reached.has(path));
}

describe('The pages of the project', () => {
  it('are there', () => {
    expect(PAGES.length).to.be.at.least(15);
  });

  for (const page of PAGES)
    it(`lead somewhere: ${page.path}`, () => {
      expect(brokenLinks(page, PAGES)).to.deep.equal([]);
    });

  it('are all found by following links from the README', () => {
    expect(unreachable(PAGES)).to.deep.equal([]);
  });

  it('would be caught with a link that leads nowhere', () => {
    const page = pageOf(
      'docs/x.md',
      '# A b, c\n[1](../README.md) [2](gone.md) [3](#a-b-c) [4](#gone) [5](index.md#gone) ![6](gone.svg)\n```sh\n[7](x)\n```\n',
    );
    expect(brokenLinks(page, [...PAGES, page])).to.deep.equal([
      'gone.md',
      '#a-b-c',
      '#gone',
      'index.md#gone',
      'gone.svg',
    ]);
    expect(unreachable([...PAGES, page])).to.deep.equal(['docs/x.md']);
  });
});
