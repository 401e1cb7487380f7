import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { englishStem } from '../../adapters/in-memory/english-stem.ts';
import { isTypoOf, tokensOf } from '../../domain/catalog/search-words.ts';
import { aServer } from './strange-server.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- Whatever the client sends; what it must be is said where it is read.
type Json = Record<string, any>;

interface Stored {
  readonly version: number;
  readonly source: Json;
}

/**
 * As much of an Elasticsearch 8 as its documentation says of what the shop asks: aliases, versions by `external_gte`,
 * `bulk`, searches with filters, scores and aggregations, and the header that the official client insists on. It keeps
 * what it is told. Whatever it is asked beyond that, it refuses, so that nothing is taken for working that was never said.
 */
export class ElasticServer {
  readonly #indices = new Map<string, Map<string, Stored>>();
  readonly #aliases = new Map<string, string>();
  /** Answers in its place, until it is taken away again. */
  trouble: RequestListener | undefined;
  asked = 0;
  #server: Awaited<ReturnType<typeof aServer>> | undefined;

  async start(): Promise<this> {
    this.#server = await aServer((request, response) => void this.#answer(request, response));
    return this;
  }

  get url(): string {
    return this.#server!.url;
  }

  get indices(): readonly string[] {
    return [...this.#indices.keys()];
  }

  clear(): void {
    this.#indices.clear();
    this.#aliases.clear();
  }

  close(): Promise<void> {
    return this.#server!.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked += 1;
    if (this.trouble) return this.trouble(request, response);
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const { status, body } = this.#handle(request, text);
    const content = body === undefined ? '' : JSON.stringify(body);
    response.writeHead(status, {
      'X-Elastic-Product': 'Elasticsearch',
      'Content-Type': 'application/vnd.elasticsearch+json;compatible-with=8',
    });
    response.end(request.method === 'HEAD' ? '' : content);
  }

  #handle({ method, url }: IncomingMessage, text: string): { status: number; body?: Json } {
    const path = decodeURIComponent(url!.split('?')[0]!);
    const [, first = '', second = ''] = path.split('/');
    const sent = (): Json => (text ? (JSON.parse(text) as Json) : {});
    if (path === '/_cluster/health') return { status: 200, body: { status: 'green' } };
    if (method === 'HEAD' && first === '_alias') return { status: this.#aliases.has(second) ? 200 : 404 };
    if (path === '/_aliases') return this.#changeAliases(sent());
    if (path === '/_bulk') return this.#bulk(text);
    if (second === '_search') return this.#search(first, sent());
    if (second === '_refresh') return { status: 200, body: {} };
    if (method === 'PUT') return this.#create(first, sent());
    if (method === 'DELETE') {
      for (const name of first.split(',')) this.#indices.delete(name);
      return { status: 200, body: { acknowledged: true } };
    }
    if (method === 'GET' && first.endsWith('*')) {
      const names = this.indices.filter(name => name.startsWith(first.slice(0, -1)));
      return { status: 200, body: Object.fromEntries(names.map(name => [name, {}])) };
    }
    return refusal(400, `${method} ${path}`);
  }

  #create(name: string, { aliases = {} }: Json) {
    if (this.#indices.has(name)) return refusal(400, 'resource_already_exists_exception');
    this.#indices.set(name, new Map());
    for (const alias of Object.keys(aliases as Json)) this.#aliases.set(alias, name);
    return { status: 200, body: { acknowledged: true } };
  }

  #changeAliases({ actions }: Json) {
    for (const { remove, add } of actions as Json[]) {
      if (remove) this.#aliases.delete(remove['alias']);
      if (add) this.#aliases.set(add['alias'], add['index']);
    }
    return { status: 200, body: { acknowledged: true } };
  }

  #bulk(text: string) {
    const lines = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Json);
    const items: Json[] = [];
    for (let at = 0; at < lines.length; at += 2) {
      const { _index: index, _id: id, version, version_type: type } = lines[at]!['index'] as Json;
      const rows = this.#rows(index);
      if (!rows || type !== 'external_gte') return refusal(400, 'only external_gte is known here');
      const conflict = (rows.get(id)?.version ?? -1) > version;
      if (!conflict) rows.set(id, { version, source: lines[at + 1]! });
      const error = { type: 'version_conflict_engine_exception' };
      items.push({ index: conflict ? { status: 409, error } : { status: 200, _id: id } });
    }
    return { status: 200, body: { errors: items.some(({ index }) => index['error']), items } };
  }

  #search(name: string, asked: Json) {
    const rows = this.#rows(name);
    if (!rows) return refusal(404, 'index_not_found_exception');
    const { query, sort, size = 10, from = 0, search_after: after, aggregations = {} } = asked;
    const found = [...rows.values()].flatMap(({ source }) => {
      const score = scoreOf(query, source);
      return score === undefined ? [] : [{ source, values: (sort as Json[]).map(by => valueOf(by, source, score)) }];
    });
    const compare = (a: readonly unknown[], b: readonly unknown[]) => {
      for (const [at, by] of (sort as Json[]).entries()) {
        const order = inOrder(a[at], b[at]) * (Object.values(by)[0] === 'desc' ? -1 : 1);
        if (order !== 0) return order;
      }
      return 0;
    };
    const sorted = found.toSorted((a, b) => compare(a.values, b.values));
    const rest = after ? sorted.filter(({ values }) => compare(values, after) > 0) : sorted;
    const hits = rest.slice(from, from + size).map(({ source, values }) => ({
      _id: source['id'],
      sort: values,
      ...(asked['_source'] !== false && { _source: { document: source['document'] } }),
    }));
    const total = asked['track_total_hits'] === true && { total: { value: found.length, relation: 'eq' } };
    return { status: 200, body: { hits: { ...total, hits }, aggregations: aggregated(aggregations, found) } };
  }

  #rows(name: string): Map<string, Stored> | undefined {
    return this.#indices.get(this.#aliases.get(name) ?? name);
  }
}

const refusal = (status: number, type: string) => ({ status, body: { error: { type, reason: type }, status } });

/** Undefined: does not match. */
function scoreOf(query: Json, source: Json): number | undefined {
  const [kind, what] = Object.entries(query)[0] as [string, Json];
  const [field, wanted] = Object.entries(what)[0] ?? ['', undefined];
  const value = source[field.replace('.parts', '')];
  const matching = (matches: boolean, score = 0) => (matches ? score : undefined);
  switch (kind) {
    case 'bool': {
      const { filter = [], should = [], minimum_should_match: least = 0 } = what;
      if (!(filter as Json[]).every(one => scoreOf(one, source) !== undefined)) return undefined;
      const scores = (should as Json[]).flatMap(one => scoreOf(one, source) ?? []);
      return matching(
        scores.length >= least,
        scores.reduce((sum, score) => sum + score, 0),
      );
    }
    case 'constant_score':
      return matching(scoreOf(what['filter'], source) !== undefined, what['boost']);
    case 'term':
      return matching(value === wanted);
    case 'terms':
      return matching((wanted as unknown[]).includes(value));
    case 'range':
      return matching(value >= (wanted.gte ?? -Infinity) && value <= (wanted.lte ?? Infinity));
    case 'wildcard':
      return matching(value !== undefined && wildcard(wanted.value).test(value));
    case 'match': {
      const stems = new Set(tokensOf(value ?? '').map(englishStem));
      const tokens = tokensOf(wanted.query);
      return matching(tokens.length > 0 && tokens.every(token => stems.has(englishStem(token))));
    }
    case 'fuzzy':
      return matching(((value ?? []) as string[]).some(word => isTypoOf(wanted.value, word)));
    default:
      throw new Error(`This server knows nothing of ${kind}.`);
  }
}

/** A star is anything, a question mark any one letter, and a backslash takes that from the next letter. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replaceAll(
    /\\(.)|([*?])|([^\\*?])/gsu,
    (_, escaped?: string, sign?: string, plain?: string) =>
      sign ? (sign === '*' ? '.*' : '.') : (escaped ?? plain)!.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`),
  );
  return new RegExp(`^${source}$`, 'su');
}

function valueOf(by: Json, source: Json, score: number): unknown {
  const field = Object.keys(by)[0]!;
  if (field === '_score') return score;
  return field === 'created_at' ? Date.parse(source[field]) : source[field];
}

const inOrder = (a: unknown, b: unknown): number =>
  typeof a === 'number' && typeof b === 'number'
    ? a - b
    : Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));

function aggregated(asked: Json, found: readonly { readonly source: Json }[]): Json {
  const answers: Json = {};
  for (const [name, { terms, min, max }] of Object.entries(asked)) {
    const values = found.map(({ source }) => source[(terms ?? min ?? max).field]);
    if (terms)
      answers[name] = {
        buckets: [...new Set(values)].map(key => ({ key, doc_count: values.filter(value => value === key).length })),
      };
    else answers[name] = { value: values.length === 0 ? null : min ? Math.min(...values) : Math.max(...values) };
  }
  return answers;
}
