import { expect } from 'chai';
import { InMemorySearchIndex } from '../../adapters/in-memory/search-index.ts';
import type { SearchDocument, SearchIndex } from '../../application/ports/search-index.ts';
import { searchIndexContract } from './search-index.contract.ts';
import { verdictOf } from './verdict.ts';

async function* nothing(): AsyncIterable<readonly SearchDocument[]> {}

/** A sound one with some of its ways changed. */
const changing = (change: (sound: SearchIndex) => Partial<SearchIndex>) => (): SearchIndex => {
  const sound = new InMemorySearchIndex();
  return {
    search: (criteria, page) => sound.search(criteria, page),
    write: entries => sound.write(entries),
    documents: () => sound.documents(),
    rebuild: batches => sound.rebuild(batches),
    ping: () => sound.ping(),
    ...change(sound),
  };
};

const BROKEN: readonly (readonly [what: string, index: () => SearchIndex, breaks: string])[] = [
  [
    'writes whatever comes last',
    changing(sound => {
      let version = 0;
      return { write: entries => sound.write(entries.map(entry => ({ ...entry, version: (version += 1) }))) };
    }),
    'never lets an older version overwrite a newer one, not even one that is gone',
  ],
  [
    'forgets the version of what is gone',
    changing(sound => {
      let life = 0;
      return {
        write: entries =>
          sound.write(
            entries.map(entry => ({ ...entry, version: entry.document ? entry.version + life : (life += 100) })),
          ),
      };
    }),
    'never lets an older version overwrite a newer one, not even one that is gone',
  ],
  [
    'empties itself before it is rebuilt',
    changing(sound => ({
      rebuild: async batches => {
        await sound.rebuild(nothing());
        await sound.rebuild(batches);
      },
    })),
    'shows the old until all of the new is there, and forgets what is in the new no more',
  ],
  [
    'keeps half of what it was rebuilt with',
    changing(sound => ({
      rebuild: async batches => {
        const got: SearchDocument[] = [];
        const failure = await (async () => {
          for await (const batch of batches) got.push(...batch);
        })().catch((error: unknown) => error);
        await sound.rebuild(
          (async function* () {
            yield got;
          })(),
        );
        if (failure) throw failure;
      },
    })),
    'keeps the old when the new cannot be had to its end, and can be rebuilt afterwards',
  ],
  [
    'takes a percent sign for a wildcard',
    changing(sound => ({
      search: (criteria, page) => sound.search({ ...criteria, text: criteria.text.replaceAll('%', ' ') }, page),
    })),
    'takes wildcards, quotes, operators and backslashes for what they are',
  ],
  [
    'knows no grammar',
    changing(sound => ({ search: (criteria, page) => sound.search({ ...criteria, language: 'simple' }, page) })),
    'knows the stems of English words, on both sides',
  ],
  [
    'knows grammar always',
    changing(sound => ({ search: (criteria, page) => sound.search({ ...criteria, language: 'english' }, page) })),
    'knows no grammar where it is not told the language',
  ],
  [
    'pages by offset',
    changing(sound => ({
      search: async (criteria, request) => {
        if ('page' in request) return sound.search(criteria, request);
        const skipped = Number(request.after?.value ?? 0);
        const every = await sound.search(criteria, { limit: 1000 });
        const items = every.items.slice(skipped, skipped + request.limit);
        const shown = skipped + request.limit;
        return { ...every, items, next: shown < every.items.length ? { value: shown, id: items.at(-1)! } : null };
      },
    })),
    'shows nothing twice and misses nothing when products arrive between two pages',
  ],
  [
    'ignores stock',
    changing(sound => ({ search: (criteria, page) => sound.search({ ...criteria, inStock: undefined }, page) })),
    'filters by price, bounds included, and by what is in stock',
  ],
  [
    'takes no categories for all',
    changing(sound => ({
      search: (criteria, page) =>
        sound.search({ ...criteria, categories: criteria.categories?.length ? criteria.categories : undefined }, page),
    })),
    'looks in the categories that are named',
  ],
];

describe('the contract of a search index', () => {
  const suite = (make: () => SearchIndex) => (api: Parameters<typeof searchIndexContract>[1]) =>
    searchIndexContract(
      {
        name: 'some',
        open: async () => {
          let index = make();
          return {
            get index() {
              return index;
            },
            clear: async () => void (index = make()),
            close: async () => {},
          };
        },
      },
      api,
    );

  it('accepts a sound adapter', async () => {
    const { passed, failed } = await verdictOf(suite(changing(() => ({}))));
    expect(failed).to.deep.equal([]);
    for (const [, , sentence] of BROKEN)
      expect(
        passed.filter(title => title.endsWith(sentence)),
        sentence,
      ).to.have.length(1);
  });

  for (const [what, make, breaks] of BROKEN)
    it(`refuses an adapter that ${what}`, async () => {
      const { passed, failed } = await verdictOf(suite(make), [breaks]);
      expect(passed).to.deep.equal([]);
      expect(failed).to.have.length(1);
    });
});
