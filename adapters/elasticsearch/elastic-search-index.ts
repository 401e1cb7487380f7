import { Client, errors, type estypes } from '@elastic/elasticsearch';
import type { PageRequest } from '../../application/ports/paging.ts';
import type {
  SearchCriteria,
  SearchDocument,
  SearchEntry,
  SearchFacets,
  SearchIndex,
  SearchPage,
} from '../../application/ports/search-index.ts';
import { Unavailable } from '../../application/ports/unit-of-work.ts';
import { mayHoldTypo, wordsOf } from '../../domain/catalog/search-words.ts';
import { CategoryId, ProductId } from '../../domain/shared/ids.ts';
import { documentOf, MAPPINGS, type Source, sourceOf } from './mappings.ts';
import { afterOf, aggregationsOf, positionOf, queryOf, sortOf } from './queries.ts';

/** What is searched; behind it stands the index that was filled last. */
const ALIAS = 'pannier-products';

/** How many documents are read at a time when all are. */
const BATCH = 500;

/** Elasticsearch shows no rows behind this one by number. */
const DEEPEST_ROW = 10_000;

interface ElasticSettings {
  readonly url: string;
  /** How long a search may take. */
  readonly timeoutMs: number;
  /** How long a batch of changes may take; it waits for the next refresh. */
  readonly writeTimeoutMs?: number;
}

interface Aggregations {
  readonly category?: { readonly buckets: readonly { readonly key: string; readonly doc_count: number }[] };
  readonly least?: { readonly value: number | null };
  readonly most?: { readonly value: number | null };
}

/** Searches by an Elasticsearch 8. Whatever goes wrong there is `Unavailable`, as the store can search, too. */
export class ElasticSearchIndex implements SearchIndex {
  readonly #client: Client;
  readonly #reading: { readonly requestTimeout: number; readonly maxRetries: 0 };
  readonly #writing: { readonly requestTimeout: number; readonly maxRetries: 0 };

  constructor({ url, timeoutMs, writeTimeoutMs = 20_000 }: ElasticSettings) {
    this.#client = new Client({ node: url, maxRetries: 0 });
    this.#reading = { requestTimeout: timeoutMs, maxRetries: 0 };
    this.#writing = { requestTimeout: writeTimeoutMs, maxRetries: 0 };
  }

  async search(criteria: SearchCriteria, page: PageRequest): Promise<SearchPage> {
    const words = wordsOf(criteria.text);
    const close = await this.#page(criteria, words, page, false);
    if (close.items.length > 0 || ('page' in page && close.total !== 0) || !words.some(mayHoldTypo)) return close;
    return this.#page(criteria, words, page, true);
  }

  async write(entries: readonly SearchEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#ensureIndex();
    await this.#bulk(entries, ALIAS, 'wait_for');
  }

  async *documents(): AsyncIterable<SearchDocument> {
    await this.#ensureIndex();
    for (let after: estypes.SortResults | undefined; ;) {
      // oxlint-disable-next-line no-await-in-loop -- a batch begins where the one before it ended
      const { hits } = await reached(
        this.#client.search<Source>(
          {
            index: ALIAS,
            size: BATCH,
            query: { term: { gone: false } },
            sort: [{ id: 'asc' }],
            _source: ['document'],
            ...(after && { search_after: after }),
          },
          this.#writing,
        ),
      );
      if (!Array.isArray(hits?.hits)) throw new Unavailable('The search index answered with something else.');
      for (const hit of hits.hits) yield documentOf(hit._source!.document);
      after = hits.hits.at(-1)?.sort;
      if (!after || hits.hits.length < BATCH) return;
    }
  }

  async rebuild(batches: AsyncIterable<readonly SearchDocument[]>): Promise<void> {
    const indices = this.#client.indices;
    const next = `${ALIAS}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
    await reached(indices.create({ index: next, mappings: MAPPINGS }, this.#writing));
    try {
      for await (const batch of batches)
        await this.#bulk(
          batch.map(document => ({ id: document.id, version: 0, document })),
          next,
          false,
        );
      await reached(indices.refresh({ index: next }, this.#writing));
      const actions: estypes.IndicesUpdateAliasesAction[] = [
        { remove: { index: `${ALIAS}-*`, alias: ALIAS, must_exist: false } },
        { add: { index: next, alias: ALIAS } },
      ];
      await reached(indices.updateAliases({ actions }, this.#writing));
    } catch (error) {
      await indices.delete({ index: next, ignore_unavailable: true }, this.#writing).catch(() => undefined);
      throw error;
    }
    // Also those of rebuilds that were killed before they came to this.
    const all = Object.keys(await reached(indices.get({ index: `${ALIAS}-*` }, this.#writing)));
    const old = all.filter(name => name !== next);
    if (old.length > 0) await reached(indices.delete({ index: old, ignore_unavailable: true }, this.#writing));
  }

  async ping(): Promise<void> {
    const { status } = await reached(this.#client.cluster.health({ level: 'cluster' }, this.#reading));
    if (status !== 'green' && status !== 'yellow') throw new Unavailable('The search cluster is not well.');
  }

  /** Lets go of its connections. */
  close(): Promise<void> {
    return this.#client.close();
  }

  async #page(
    criteria: SearchCriteria,
    words: readonly string[],
    page: PageRequest,
    typos: boolean,
  ): Promise<SearchPage> {
    const from = 'page' in page ? (page.page - 1) * page.limit : 0;
    const after = 'after' in page ? page.after : undefined;
    // It would refuse them, and the store can show them.
    if (from + page.limit + 1 > DEEPEST_ROW) throw new Unavailable('The search index shows no pages as deep as that.');
    const answer = await reached(
      this.#client.search<unknown, Aggregations>(
        {
          index: ALIAS,
          query: queryOf(criteria, words, typos),
          sort: sortOf(criteria),
          from,
          size: page.limit + 1,
          _source: false,
          track_scores: criteria.sort === 'relevance',
          track_total_hits: 'page' in page,
          aggregations: aggregationsOf(criteria),
          ...(after && { search_after: afterOf(criteria, after) }),
        },
        this.#reading,
      ),
    );
    if (!Array.isArray(answer.hits?.hits)) throw new Unavailable('The search index answered with something else.');
    const { hits } = answer.hits;
    const shown = hits.slice(0, page.limit);
    const last = hits.length > page.limit ? shown.at(-1)?.sort : undefined;
    const total = answer.hits.total;
    return {
      items: shown.map(({ _id: id }) => ProductId(id!)),
      next: last ? positionOf(criteria, last, typos) : null,
      ...('page' in page && { total: typeof total === 'number' ? total : (total?.value ?? 0) }),
      facets: facetsOf(criteria, answer.aggregations ?? {}),
    };
  }

  async #bulk(entries: readonly SearchEntry[], index: string, refresh: 'wait_for' | false): Promise<void> {
    if (entries.length === 0) return;
    const operations = entries.flatMap(entry => [
      { index: { _index: index, _id: entry.id, version: entry.version, version_type: 'external_gte' as const } },
      sourceOf(entry),
    ]);
    const { items } = await reached(this.#client.bulk({ operations, refresh }, this.#writing));
    if (!Array.isArray(items)) throw new Unavailable('The search index answered with something else.');
    // A conflict says that something newer is there already.
    const failed = items.find(({ index: one }) => one?.error && one.status !== 409);
    if (failed) throw new Unavailable(`The search index refused an entry: ${failed.index?.error?.type}`);
  }

  /** Else the first write would make an index by the name of the alias, with guessed types. */
  async #ensureIndex(): Promise<void> {
    const indices = this.#client.indices;
    if (await reached(indices.existsAlias({ name: ALIAS }, this.#writing))) return;
    const first = { index: `${ALIAS}-first`, mappings: MAPPINGS, aliases: { [ALIAS]: {} } };
    // Another process may have been faster.
    await reached(indices.create(first, { ...this.#writing, ignore: [400] }));
  }
}

function facetsOf({ facets = [] }: SearchCriteria, { category, least, most }: Aggregations): SearchFacets {
  const [min, max] = [least?.value ?? null, most?.value ?? null];
  return {
    ...(facets.includes('category') && {
      category: (category?.buckets ?? []).map(({ key, doc_count: count }) => ({ id: CategoryId(key), count })),
    }),
    ...(facets.includes('price') && { price: min === null || max === null ? null : { min, max } }),
  };
}

async function reached<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof errors.ElasticsearchClientError)) throw error;
    // Its message may hold what people typed, and the address with its password.
    throw new Unavailable(`The search index cannot answer: ${error.name} ${statusOf(error)}`.trim());
  }
}

const statusOf = (error: Error): string => (error instanceof errors.ResponseError ? `${error.statusCode ?? ''}` : '');
