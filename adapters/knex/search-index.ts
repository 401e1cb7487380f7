import type { PageRequest } from '../../application/ports/paging.ts';
import type {
  SearchCriteria,
  SearchDocument,
  SearchEntry,
  SearchFacets,
  SearchIndex,
  SearchPage,
} from '../../application/ports/search-index.ts';
import { isTypoOf, mayHoldTypo, neighboursOf, wordsOf } from '../../domain/catalog/search-words.ts';
import type { CategoryId, ProductId } from '../../domain/shared/ids.ts';
import { readPage } from './pages.ts';
import { conditionsOf, orderingOf, type Typos } from './search-criteria.ts';
import { documentOf, documentRow, type StoredDocument, wordRows } from './search-rows.ts';
import { allOf, fleeting, insert, type Query, sql, type Sql, verbatim } from './sql.ts';

/** How many documents are read at a time when all are. */
const BATCH = 500;

const CURRENT = sql`(SELECT generation FROM search_generation)`;

/** A search by full text in tables of its own, which can be filled anew beside those that are searched. */
export class KnexSearchIndex implements SearchIndex {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async search(criteria: SearchCriteria, page: PageRequest): Promise<SearchPage> {
    const words = wordsOf(criteria.text);
    const close = await this.#page(criteria, words, page);
    if (close.items.length > 0 || ('page' in page && close.total !== 0) || !words.some(mayHoldTypo)) return close;
    return this.#page(criteria, words, page, await this.#typosOf(words));
  }

  async write(entries: readonly SearchEntry[]): Promise<void> {
    const latest = new Map<ProductId, SearchEntry>();
    for (const entry of entries) if ((latest.get(entry.id)?.version ?? 0) <= entry.version) latest.set(entry.id, entry);
    await this.#add([...latest.values()], CURRENT);
  }

  async *documents(): AsyncIterable<SearchDocument> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      // oxlint-disable-next-line no-await-in-loop -- a batch begins where the one before it ended
      const rows: { document: StoredDocument }[] = await this.#query(sql`
        SELECT document FROM search_documents
         WHERE generation = ${CURRENT} AND product_id > ${after} AND document IS NOT NULL
         ORDER BY product_id LIMIT ${BATCH}`);
      yield* rows.map(row => documentOf(row.document));
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      after = last.document.id;
    }
  }

  async rebuild(batches: AsyncIterable<readonly SearchDocument[]>): Promise<void> {
    const [row] = await this.#query<{ next: number }>(sql`
      SELECT GREATEST(${CURRENT}, (SELECT MAX(generation) FROM search_documents)) + 1 AS next`);
    const next = row!.next;
    try {
      for await (const batch of batches)
        await this.#add(
          batch.map(document => ({ id: document.id, version: 0, document })),
          sql`${next}::integer`,
        );
    } catch (error) {
      await this.#query(sql`DELETE FROM search_documents WHERE generation = ${next}`);
      throw error;
    }
    await this.#query(sql`UPDATE search_generation SET generation = ${next}`);
    // Also of those who were killed before they came to this.
    await this.#query(sql`DELETE FROM search_documents WHERE generation <> ${next}`);
  }

  async ping(): Promise<void> {
    await this.#query(sql`SELECT 1 FROM search_generation`);
  }

  async #add(entries: readonly SearchEntry[], generation: Sql): Promise<void> {
    if (entries.length === 0) return;
    const rows = entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(documentRow);
    const columns = Object.keys(rows[0]!);
    const replaced = columns.filter(column => column !== 'product_id').map(column => `${column} = excluded.${column}`);
    const words = wordRows(entries);
    if (words.length > 0) await this.#query(sql`${insert('search_words', words)} ON CONFLICT (word) DO NOTHING`);
    await this.#query(sql`
      INSERT INTO search_documents (generation, ${verbatim(columns.join(', '))})
      SELECT ${generation}, ${verbatim(columns.join(', '))}
        FROM json_populate_recordset(NULL::search_documents, ${JSON.stringify(rows)})
      ON CONFLICT (generation, product_id) DO UPDATE SET ${verbatim(replaced.join(', '))}
       WHERE search_documents.version <= excluded.version`);
  }

  async #page(
    criteria: SearchCriteria,
    words: readonly string[],
    page: PageRequest,
    typos?: Typos,
  ): Promise<SearchPage> {
    const where = [sql`s.generation = ${CURRENT}`, ...conditionsOf(criteria, words, typos)];
    const order = orderingOf(criteria.sort, words, typos);
    const [found, facets] = await Promise.all([
      readPage<{ id: ProductId; sort_value: string | number | Date }, ProductId>(this.#query, {
        select: sql`SELECT s.product_id AS id, ${order.value} AS sort_value FROM search_documents s`,
        from: sql`search_documents s`,
        where,
        order,
        page,
        positionOf: ({ id, sort_value: value }) => ({ value: value instanceof Date ? value.toISOString() : value, id }),
        itemOf: ({ id }) => id,
      }),
      this.#facets(criteria, allOf(where)),
    ]);
    return { ...found, facets };
  }

  async #facets({ facets = [] }: SearchCriteria, where: Sql): Promise<SearchFacets> {
    const [category, prices] = await Promise.all([
      facets.includes('category')
        ? this.#query<{ id: CategoryId; count: number }>(
            fleeting(
              sql`SELECT category_id AS id, COUNT(*) AS count FROM search_documents s WHERE ${where} GROUP BY 1`,
            ),
          )
        : undefined,
      facets.includes('price')
        ? this.#query<{ min: number | null; max: number | null }>(
            fleeting(sql`SELECT MIN(price) AS min, MAX(price) AS max FROM search_documents s WHERE ${where}`),
          )
        : undefined,
    ]);
    const { min = null, max = null } = prices?.[0] ?? {};
    const price = min === null || max === null ? null : { min, max };
    return { ...(category && { category }), ...(prices && { price }) };
  }

  /** Words of the catalogue that were meant by each word, looked up by what both are but for one letter. */
  async #typosOf(words: readonly string[]): Promise<Typos> {
    const typed = words.filter(mayHoldTypo);
    const near = await this.#query<{ word: string }>(sql`
      SELECT word FROM search_words WHERE neighbours && ${typed.flatMap(neighboursOf)}::text[]`);
    return new Map(
      typed.map(word => [word, near.flatMap(({ word: meant }) => (isTypoOf(word, meant) ? [meant] : []))]),
    );
  }
}
