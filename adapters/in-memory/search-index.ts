import type { PageRequest } from '../../application/ports/paging.ts';
import type {
  SearchCriteria,
  SearchDocument,
  SearchEntry,
  SearchFacets,
  SearchIndex,
  SearchLanguage,
  SearchPage,
} from '../../application/ports/search-index.ts';
import { isTypoOf, mayHoldTypo, tokensOf, wordsOf } from '../../domain/catalog/search-words.ts';
import type { CategoryId, ProductId } from '../../domain/shared/ids.ts';
import { fold } from '../../domain/shared/text.ts';
import { englishStem } from './english-stem.ts';
import { compareText, type Ordering, pageOf } from './paging.ts';

/** A document, made ready to be searched. */
interface Entry {
  readonly document: SearchDocument;
  readonly name: string;
  readonly text: string;
  readonly tokens: readonly string[];
  readonly stems: ReadonlySet<string>;
}

interface Hit extends Entry {
  readonly rank: number;
}

interface Row {
  readonly version: number;
  readonly entry: Entry | null;
}

export class InMemorySearchIndex implements SearchIndex {
  #rows = new Map<ProductId, Row>();

  async search(criteria: SearchCriteria, request: PageRequest): Promise<SearchPage> {
    const words = wordsOf(criteria.text);
    const close = this.#hits(criteria, entry => rankOf(entry, words, criteria.language));
    const hits = close.length > 0 ? close : this.#hits(criteria, entry => typoRankOf(entry, words, criteria.language));
    const page = pageOf(hits, ORDERINGS[criteria.sort], request, ({ document }) => document.id);
    return { ...page, facets: facetsOf(criteria, hits) };
  }

  async write(entries: readonly SearchEntry[]): Promise<void> {
    for (const { id, version, document } of entries) {
      if ((this.#rows.get(id)?.version ?? 0) > version) continue;
      this.#rows.set(id, { version, entry: document && entryOf(document) });
    }
  }

  async *documents(): AsyncIterable<SearchDocument> {
    const found = [...this.#rows.values()].flatMap(({ entry }) => (entry ? [entry.document] : []));
    yield* found.toSorted((a, b) => compareText(a.id, b.id));
  }

  async rebuild(batches: AsyncIterable<readonly SearchDocument[]>): Promise<void> {
    const rows = new Map<ProductId, Row>();
    for await (const batch of batches)
      for (const document of batch) rows.set(document.id, { version: 0, entry: entryOf(document) });
    this.#rows = rows;
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  #hits(criteria: SearchCriteria, rank: (entry: Entry) => number | undefined): Hit[] {
    const hits: Hit[] = [];
    for (const { entry } of this.#rows.values()) {
      if (!entry || !fits(criteria, entry.document)) continue;
      const found = rank(entry);
      if (found !== undefined) hits.push({ ...entry, rank: found });
    }
    return hits;
  }
}

function entryOf(document: SearchDocument): Entry {
  const fields = [document.name, document.vendor, ...document.tags, ...document.skus];
  const text = fields.map(fold).join('\n');
  const tokens = tokensOf(text);
  return { document, name: fold(document.name), text, tokens, stems: new Set(tokens.map(englishStem)) };
}

function fits({ categories, minPrice, maxPrice, inStock }: SearchCriteria, document: SearchDocument): boolean {
  if (categories && !categories.includes(document.categoryId)) return false;
  if (document.price < (minPrice ?? -Infinity) || document.price > (maxPrice ?? Infinity)) return false;
  return inStock === undefined || document.inStock === inStock;
}

const isMeant = (word: string, { text, stems }: Entry, language: SearchLanguage): boolean =>
  text.includes(word) || (language === 'english' && tokensOf(word).length > 0 && stemsIn(word, stems));

const stemsIn = (word: string, stems: ReadonlySet<string>): boolean =>
  tokensOf(word).every(token => stems.has(englishStem(token)));

function rankOf(entry: Entry, words: readonly string[], language: SearchLanguage): number | undefined {
  if (words.every(word => entry.name.includes(word))) return 0;
  if (words.every(word => entry.text.includes(word))) return 1;
  return words.every(word => isMeant(word, entry, language)) ? 2 : undefined;
}

function typoRankOf(entry: Entry, words: readonly string[], language: SearchLanguage): number | undefined {
  const isClose = (word: string) =>
    isMeant(word, entry, language) || (mayHoldTypo(word) && entry.tokens.some(token => isTypoOf(word, token)));
  return words.every(isClose) ? 3 : undefined;
}

const orderedBy = (value: (hit: Hit) => string | number, byValue: 1 | -1, byId: 1 | -1): Ordering<Hit> => ({
  positionOf: hit => ({ value: value(hit), id: hit.document.id }),
  byValue,
  byId,
});

const ORDERINGS: Readonly<Record<SearchCriteria['sort'], Ordering<Hit>>> = {
  newest: orderedBy(({ document }) => document.createdAt.toISOString(), -1, -1),
  price: orderedBy(({ document }) => document.price, 1, 1),
  '-price': orderedBy(({ document }) => document.price, -1, 1),
  name: orderedBy(({ name }) => name, 1, 1),
  relevance: orderedBy(({ rank, name }) => `${rank}${name}`, 1, 1),
};

function facetsOf({ facets = [] }: SearchCriteria, hits: readonly Hit[]): SearchFacets {
  const counts = new Map<CategoryId, number>();
  for (const { document } of hits) counts.set(document.categoryId, (counts.get(document.categoryId) ?? 0) + 1);
  const prices = hits.map(({ document }) => document.price);
  const [least, most] = [prices.reduce((a, b) => Math.min(a, b), Infinity), prices.reduce((a, b) => Math.max(a, b), 0)];
  return {
    ...(facets.includes('category') && { category: [...counts].map(([id, count]) => ({ id, count })) }),
    ...(facets.includes('price') && { price: hits.length > 0 ? { min: least, max: most } : null }),
  };
}
