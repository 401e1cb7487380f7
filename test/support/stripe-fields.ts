import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Which fields Stripe's API takes, from the declarations that come with Stripe's library. Stripe generates them from
 * its published OpenAPI, in the very version that the library sends along.
 */
const FOLDER = fileURLToPath(new URL('.', import.meta.resolve('stripe')));

const declarations = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

const SOURCES = [
  ['PaymentIntent', declarations('resources/PaymentIntents.d.ts')],
  ['Refund', declarations('resources/Refunds.d.ts')],
  ['PaginationParams', declarations('shared.d.ts')],
] as const;

interface Field {
  readonly required: boolean;
  readonly type: string;
}

/** What is wrong with the fields of a request, by the interface that describes them; each one once. */
export function wrongFields(name: string, given: ReadonlyMap<string, string>): string[] {
  const fields = fieldsOf(name);
  const missing = [...fields].filter(([field, { required }]) => required && !given.has(field));
  return [
    ...missing.map(([field]) => `${name}.${field} is missing`),
    ...[...given].flatMap(([path, value]) => wrongField(name, fields, path, value)),
  ];
}

function wrongField(name: string, fields: ReadonlyMap<string, Field>, path: string, value: string): string[] {
  const [field = '', inner] = path.split(/\[|\]/).filter(Boolean);
  const known = fields.get(field);
  if (!known) return [`${name} has no ${field}`];
  return accepts(name, known.type, value, inner) ? [] : [`${name}.${field} is no ${known.type}: ${value}`];
}

function accepts(name: string, type: string, value: string, inner: string | undefined): boolean {
  const emptyable = /^Emptyable<(.+)>$/.exec(type)?.[1];
  if (emptyable) return value === '' || accepts(name, emptyable, value, inner);
  const items = /^Array<(.+)>$/.exec(type)?.[1];
  if (items) return inner !== undefined && accepts(name, items, value, undefined);
  if (type.includes('RangeQueryParam') && inner) return /^(?:gte?|lte?)$/.test(inner) && /^\d+$/.test(value);
  if (type === 'MetadataParam') return inner !== undefined && inner.length <= 40 && value.length <= 500;
  if (type.startsWith('boolean')) return value === 'true' || value === 'false';
  if (inner !== undefined) return false;
  if (type === 'number') return /^\d+$/.test(value);
  if (type === 'string') return true;
  const values = valuesOf(name, type.split('.').at(-1) ?? '');
  return values.includes(value);
}

const known = new Map<string, ReadonlyMap<string, Field>>();

function fieldsOf(name: string): ReadonlyMap<string, Field> {
  const fields = known.get(name) ?? readFields(name);
  known.set(name, fields);
  return fields;
}

function readFields(name: string): ReadonlyMap<string, Field> {
  const head = new RegExp(`^export interface ${name}(?: extends (\\w+))? \\{\\n([^]*?)^\\}`, 'm').exec(sourceOf(name));
  if (!head) throw new Error(`Stripe's library declares no ${name}: has it been upgraded?`);
  const own = [...head[2]!.matchAll(/^ {4}(\w+)(\??): (.+);$/gm)].map(
    ([, field, optional, type]) => [field!, { required: optional === '', type: type! }] as const,
  );
  return new Map([...own, ...(head[1] ? fieldsOf(head[1]) : [])]);
}

/** The values of a type such as `'automatic' | 'manual'` in the namespace of that interface. */
function valuesOf(name: string, type: string): string[] {
  const space = new RegExp(`^export declare namespace ${name} \\{\\n([^]*?)^\\}`, 'm').exec(sourceOf(name))?.[1] ?? '';
  const union = new RegExp(`^ {4}type ${type} = (.+);$`, 'm').exec(space)?.[1] ?? '';
  return [...union.matchAll(/'([^']+)'/g)].map(([, value]) => value!);
}

function sourceOf(name: string): string {
  const source = SOURCES.find(([start]) => name.startsWith(start));
  if (!source) throw new Error(`${name} is declared elsewhere`);
  return source[1];
}
