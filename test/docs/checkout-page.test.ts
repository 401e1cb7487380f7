import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { MUTANTS } from '../simulation/mutants.ts';
import { files, pageOf, PAGES, proseOf, type Page, root } from './pages.ts';

const FAILURES = 20;

interface Row {
  readonly first: string;
  readonly text: string;
}

const CHECKOUT = PAGES.find(({ path }) => path === 'docs/explanation/checkout.md')!;

/** The rows of the table under a heading, without its head. */
function rowsUnder(heading: string, page: Page): Row[] {
  const section =
    proseOf(page)
      .split(/^## /m)
      .find(part => part.startsWith(`${heading}\n`)) ?? '';
  const rows = [...section.matchAll(/^\| +(.+?) +\|(.*)\|$/gm)].slice(2);
  return rows.map(([text, first]) => ({ first: first!, text: text }));
}

/** Links to tests whose words are the title of one of them: `[title](../../test/x.test.ts)`. */
const testsNamedIn = (text: string): { title: string; file: string }[] =>
  [...text.matchAll(/\[([^\]]+)\]\(([^)\s]*\/test\/[^)\s]+)\)/g)].map(([, title, file]) => ({
    title: title!.replaceAll(/\s+/g, ' '),
    file: file!,
  }));

/** What tests are called, and rounds of torture, and the cases (`when`) that a test goes through. */
function titlesIn(source: string): string[] {
  const titles = source.matchAll(/(?:\b(?:it|describe)\(\s*|\b(?:name|when): )(['"`])((?:\\.|(?!\1)[^\\])*)\1/g);
  return [...titles].map(([, , title]) => title!.replaceAll(/\\(.)/g, '$1'));
}

/** Titles on a page that no test of the named file has. */
function unknownTests(page: Page): string[] {
  return testsNamedIn(proseOf(page)).flatMap(({ title, file }) => {
    const path = posix.join(posix.dirname(page.path), file);
    const known = files.has(path) ? titlesIn(readFileSync(join(root, path), 'utf8')) : [];
    return known.some(candidate => candidate.includes(title)) ? [] : [`${title} (${path})`];
  });
}

describe('The page on the checkout', () => {
  const failures = rowsUnder('What can go wrong', CHECKOUT);

  it('goes through every failure, one after the other', () => {
    const numbers = failures.map(({ first }) => Number(first));
    expect(numbers).to.deep.equal(Array.from({ length: FAILURES }, (_, index) => index + 1));
  });

  it('names tests that there are', () => {
    expect(testsNamedIn(proseOf(CHECKOUT)).length).to.be.at.least(FAILURES);
    expect(unknownTests(CHECKOUT)).to.deep.equal([]);
  });

  it('names a test for every failure', () => {
    expect(failures.filter(({ text }) => testsNamedIn(text).length === 0)).to.deep.equal([]);
  });

  it('explains every guard that the simulation takes out', () => {
    const explained = rowsUnder('The guards', CHECKOUT).map(({ first }) => first);
    expect(explained.toSorted()).to.deep.equal(MUTANTS.map(({ guard }) => guard).toSorted());
  });

  it('would be caught naming a test that is gone', () => {
    const link = (title: string, file: string) => `[${title}](../../test/${file})`;
    const here = 'docs/checkout-page.test.ts';
    const wrong = [
      link('names a test that nobody wrote', here),
      link('names tests that there are', 'docs/gone.test.ts'),
      link('const FAILURES', here),
    ];
    const page = pageOf('docs/explanation/x.md', [link('names tests that there', here), ...wrong].join('\n'));
    expect(unknownTests(page)).to.have.length(wrong.length);
  });
});
