import { expect } from 'chai';
import { ERROR_CODES } from '../../adapters/http/errors.ts';
import { projectFiles, projectRoot, sourceFile, sourcesOf } from './project.ts';
import type { SourceFile } from './rules.ts';

const root = projectRoot();
const sources = sourcesOf(root, projectFiles(root));
const documented = new Map<string, { readonly status: number; readonly meaning: string }>(Object.entries(ERROR_CODES));

/** What the statuses of a kind of refusal may be. */
const STATUSES: Record<string, readonly number[]> = {
  invalid: [400, 422],
  'not-found': [404],
  conflict: [402, 409, 412],
  forbidden: [401, 403],
};

interface Refusal {
  readonly path: string;
  /** Undefined where it is not written out, so that nobody can look it up. */
  readonly kind: string | undefined;
  readonly code: string | undefined;
}

/** Every refusal that a source can make. */
const refusalsOf = ({ path, code, texts }: SourceFile): Refusal[] =>
  [...code.matchAll(/\bnew\s+DomainError\s*\(\s*(?:"(\d+)"\s*,\s*"(\d+)"\s*,)?/g)].map(([, kind, word]) => ({
    path,
    kind: kind && texts[Number(kind)],
    code: word && texts[Number(word)],
  }));

const isInside = (path: string, ...layers: string[]): boolean => layers.some(layer => path.startsWith(`${layer}/`));

describe('The error codes of the shop', () => {
  const refusals = sources.filter(({ path }) => isInside(path, 'domain', 'application')).flatMap(refusalsOf);

  it('were found', () => {
    expect(refusals.length).to.be.at.least(30);
    expect(refusals.map(({ code }) => code)).to.include.members(['VALIDATION_ERROR', 'NOT_FOUND', 'CART_EMPTY']);
  });

  it('are all written out where somebody is refused', () => {
    expect(refusals.filter(({ code }) => !code)).to.deep.equal([]);
  });

  it('are all documented, those of the adapters too', () => {
    const all = sources.filter(({ path }) => !isInside(path, 'test')).flatMap(refusalsOf);
    expect(all.filter(({ code }) => code && !documented.has(code))).to.deep.equal([]);
  });

  it('have the status of their kind', () => {
    const odd = refusals.filter(({ kind, code }) => !STATUSES[kind!]?.includes(documented.get(code!)?.status ?? 0));
    expect(odd).to.deep.equal([]);
  });

  it('are documented only if there is something that says them', () => {
    const said = new Set(
      sources
        .filter(({ path }) => !isInside(path, 'test') && path !== 'adapters/http/errors.ts')
        .flatMap(({ texts }) => texts),
    );
    const table = sources.find(({ path }) => path === 'adapters/http/errors.ts')!;
    const alsoThere = table.texts.filter(text => documented.has(text));
    expect([...documented.keys()].filter(code => !said.has(code) && !alsoThere.includes(code))).to.deep.equal([]);
  });

  it('are shouted, and explained in a sentence', () => {
    for (const [code, { status, meaning }] of documented) {
      expect(code).to.match(/^[A-Z]+(?:_[A-Z]+)*$/);
      expect(status, code).to.be.within(400, 599);
      expect(meaning, code).to.match(/^[A-Z`].+\.$/);
    }
  });

  it('would be missed if they were new, or not written out', () => {
    const found = refusalsOf(
      sourceFile(
        'domain/x.ts',
        `throw new DomainError(\n  'conflict',\n  'SOLD_TO_A_FRIEND',\n  \`Sorry, \${name}.\`);
         throw new DomainError(kind, code, 'Sorry.'); // new DomainError('conflict', 'NOBODY', 'x')`,
      ),
    );
    expect(found).to.deep.equal([
      { path: 'domain/x.ts', kind: 'conflict', code: 'SOLD_TO_A_FRIEND' },
      { path: 'domain/x.ts', kind: undefined, code: undefined },
    ]);
    expect(documented.has('SOLD_TO_A_FRIEND')).to.equal(false);
  });
});
