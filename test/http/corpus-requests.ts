import type { Ask } from './client.ts';
import {
  HOSTILE_BODIES,
  HOSTILE_HEADERS,
  HOSTILE_JSON,
  HOSTILE_TEXTS,
  SOMEWHERE,
  STRANGE_NAMES,
  WRONG_METHODS,
} from './corpus-values.ts';
import { Chance } from '../simulation/chance.ts';

export type Caller = 'anonymous' | 'guest' | 'customer' | 'administrator';

/** Who may do most gets furthest, and so comes most often. */
const CALLERS: readonly Caller[] = [
  'anonymous',
  'guest',
  'customer',
  'customer',
  'administrator',
  'administrator',
  'administrator',
  'administrator',
];

/** One request that is wrong in one place, and who sends it. */
export interface Malformed extends Ask {
  readonly caller: Caller;
  readonly operation: string;
}

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** As much of an OpenAPI document as malformed requests are made from. */
export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** A thing that is there, for a parameter of a path or a field of a body. */
export type Known = (place: string, name: string) => string | undefined;

const MARK = '\u{1F4CD}here';

interface JsonObject {
  readonly [key: string]: Json;
}
type Json = null | boolean | number | string | readonly Json[] | JsonObject;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Something that a schema takes, or nearly. */
function exampleOf(schema: Schema, place: string, name: string, known: Known): Json {
  if (schema.enum) return schema.enum[0] as Json;
  const either = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (either) return exampleOf(either, place, name, known);
  if (schema.type === 'object' || schema.properties) {
    const entries = Object.entries(schema.properties ?? {});
    return Object.fromEntries(entries.map(([key, inner]) => [key, exampleOf(inner, place, key, known)]));
  }
  if (schema.type === 'array') return schema.items ? [exampleOf(schema.items, place, name, known)] : [];
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1);
  if (schema.type === 'boolean') return false;
  if (schema.format === 'uuid') return known(place, name) ?? SOMEWHERE;
  if (schema.format === 'date-time') return '2026-11-21T00:00:00.000Z';
  if (name === 'email') return 'corpus@example.com';
  return name === 'country' ? 'PT' : 'corpus-words';
}

/** The same body with a mark in place of each of its parts in turn. */
function* marked(value: Json): Generator<Json> {
  if (isList(value))
    for (const [index, inner] of value.entries()) {
      yield value.with(index, MARK);
      for (const changed of marked(inner)) yield value.with(index, changed);
    }
  if (isObject(value))
    for (const [key, inner] of Object.entries(value)) {
      yield { ...value, [key]: MARK };
      for (const changed of marked(inner)) yield { ...value, [key]: changed };
    }
}

const bodyWith = (changed: Json, hostile: string): string =>
  JSON.stringify(changed).replace(JSON.stringify(MARK), () => hostile);

/** All malformed requests that the corpus knows of one operation. */
class Operations {
  readonly #template: string;
  readonly #method: string;
  readonly #operation: Operation;
  readonly #known: Known;
  readonly #chance: Chance;

  constructor(where: { template: string; method: string }, operation: Operation, known: Known, chance: Chance) {
    this.#template = where.template;
    this.#method = where.method.toUpperCase();
    this.#operation = operation;
    this.#known = known;
    this.#chance = chance;
  }

  *all(): Generator<Malformed> {
    yield* this.#headers();
    yield* this.#methods();
    yield* this.#parameters();
    yield* this.#bodies();
  }

  *#headers(): Generator<Malformed> {
    for (const headers of HOSTILE_HEADERS) yield this.#ask({ headers: headers as Ask['headers'] & object });
  }

  *#methods(): Generator<Malformed> {
    for (const method of WRONG_METHODS) if (method !== this.#method) yield this.#ask({ method });
  }

  *#parameters(): Generator<Malformed> {
    for (const { name, in: place } of this.#operation.parameters)
      for (const text of HOSTILE_TEXTS) {
        if (place === 'path') yield this.#ask({ path: this.#path({ [name]: text }) });
        if (place === 'query') yield this.#ask({ path: `${this.#path()}?${name}=${text}` });
      }
    const named = this.#operation.parameters.filter(parameter => parameter.in === 'query').map(({ name }) => name);
    for (const name of [...named, ...STRANGE_NAMES]) {
      yield this.#ask({ path: `${this.#path()}?${name}=1&${name}=2` });
      yield this.#ask({ path: `${this.#path()}?${name}[]=1&${name}[a][__proto__]=2` });
    }
    yield this.#ask({ path: `${this.#path()}?__proto__[admin]=1&constructor.prototype.admin=1` });
    yield this.#ask({ path: `${this.#path()}?${'a=1&'.repeat(2500)}` });
    yield this.#ask({ path: `${this.#path()}/` });
    yield this.#ask({ path: `${this.#path()}%2f..%2f` });
  }

  *#bodies(): Generator<Malformed> {
    if (this.#method === 'GET') return;
    for (const body of HOSTILE_BODIES) yield this.#ask({ body });
    yield this.#ask({ body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) });
    const good = this.#goodBody();
    if (!isObject(good)) return;
    for (const changed of marked(good))
      for (const hostile of HOSTILE_JSON) yield this.#ask({ body: bodyWith(changed, hostile) });
    for (const name of Object.keys(good)) {
      const { [name]: _missing, ...rest } = good;
      yield this.#ask({ body: JSON.stringify(rest) });
      yield this.#ask({ body: `{"${name}":1,${JSON.stringify(good).slice(1)}` });
    }
    for (const name of STRANGE_NAMES) yield this.#ask({ body: JSON.stringify({ ...good, [name]: 'admin' }) });
  }

  #needsKey(): boolean {
    return this.#operation.parameters.some(({ name, required }) => name === 'Idempotency-Key' && required);
  }

  #goodBody(): Json | undefined {
    const schema = this.#operation.requestBody?.content['application/json']?.schema;
    return schema && exampleOf(schema, this.#template, 'body', this.#known);
  }

  #path(given: Readonly<Record<string, string>> = {}): string {
    const thing = (name: string): string =>
      this.#method === 'DELETE' ? SOMEWHERE : (this.#known(this.#template, name) ?? SOMEWHERE);
    return this.#template.replace(/\{(\w+)\}/g, (_, name: string) => given[name] ?? thing(name));
  }

  #ask(change: Partial<Ask>): Malformed {
    const good = this.#goodBody();
    const type = Object.keys(this.#operation.requestBody?.content ?? {})[0] ?? 'application/json';
    const body = change.body ?? (this.#method === 'GET' || good === undefined ? undefined : JSON.stringify(good));
    return {
      operation: this.#operation.operationId,
      caller: this.#chance.pick(CALLERS),
      method: this.#method,
      path: this.#path(),
      ...change,
      headers: {
        ...(body !== undefined && { 'Content-Type': type }),
        // Only where it must be: what is remembered under a key is not memory that leaks.
        ...(this.#needsKey() && { 'Idempotency-Key': `corpus-${this.#chance.below(1e9)}` }),
        ...change.headers,
      },
      // As bytes: text that is glued together is unpacked when it is sent, and would look like memory that leaks.
      ...(body !== undefined && { body: typeof body === 'string' ? Buffer.from(body) : body }),
    };
  }
}

/** The same requests in the same order for the same seed and description. */
export function corpusOf({ paths }: Described, known: Known, seed: number): Malformed[] {
  const chance = new Chance(seed);
  const requests = Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => [
      ...new Operations({ template, method }, operation, known, chance).all(),
    ]),
  );
  return shuffled(requests, chance);
}

export function shuffled<Item>(items: readonly Item[], chance: Chance): Item[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = chance.below(at + 1);
    [mixed[at], mixed[other]] = [mixed[other]!, mixed[at]!];
  }
  return mixed;
}
