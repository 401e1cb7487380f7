import type { Client } from 'pg';
import type { Said } from './recorder.ts';
import { type Kind, LINES, variantNumber } from './shelves.ts';

/** A text that one checkout had to itself, and what stands in its place in any other: a literal, or an expression. */
interface Own {
  readonly recorded: string;
  readonly parts: readonly (string | { readonly sql: string })[];
}

export interface Recorded {
  readonly said: readonly Said[];
  readonly kind: Kind;
  /** The last groups of the ids of its cart and of its variants, line by line. */
  readonly cart: number;
  readonly variants: readonly number[];
  readonly tokenHash: string;
  readonly orderNumber: string;
}

const NUMBER = { sql: ':s::text' };
const UUID_V7 = /[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/g;

/**
 * The very statements of one checkout as a script for pgbench. What was this checkout's own becomes what another one
 * would have: each new id keeps the time that it begins with, gets a group of its own and ends in the number of the cart.
 */
export async function scriptOf(client: Client, recorded: Recorded): Promise<string> {
  const own = ownOf(recorded);
  const lines: string[] = [
    '\\set i :base + :client_id * :per + :c',
    '\\set c :c + 1',
    '\\set s 100000000000 + :i * 1000',
    ...Array.from(
      { length: LINES[recorded.kind] },
      (_, line) => `\\set v${line} ${variantNumber(recorded.kind, line)}`,
    ),
  ];
  for (const together of roundTripsOf(recorded.said)) {
    const statements: string[] = [];
    for (const said of together) statements.push(...(await statementsOf(client, said, own)));
    lines.push(...(statements.length > 1 ? ['\\startpipeline', ...statements, '\\endpipeline'] : statements));
  }
  return `${lines.join('\n')}\n`;
}

function ownOf({ said, cart, variants, tokenHash, orderNumber }: Recorded): readonly Own[] {
  const texts = said.flatMap(({ values }) => values.filter(value => value !== null)).join('\n');
  const fresh = new Set([...texts.matchAll(UUID_V7)].map(([id]) => id).filter(id => !id.startsWith('00000000-')));
  return [
    ...[...fresh].map((id, nth) => ({
      recorded: id,
      parts: [`${id.slice(0, 19)}${(0x8000 + nth).toString(16)}-`, NUMBER],
    })),
    { recorded: tokenHash, parts: [{ sql: `encode(sha256(('bench-cart-token-' || :s)::bytea), 'hex')` }] },
    { recorded: orderNumber, parts: ['N', NUMBER] },
    { recorded: String(cart), parts: [NUMBER] },
    ...[...new Set(variants)].map((number, line) => ({
      recorded: String(number),
      parts: [{ sql: `:v${line}::text` }],
    })),
  ];
}

/** What was said before any answer came, one list after the other. */
export function roundTripsOf(said: readonly Said[]): readonly (readonly Said[])[] {
  const numbers = [...new Set(said.map(({ roundTrip }) => roundTrip))];
  return numbers.map(number => said.filter(({ roundTrip }) => roundTrip === number));
}

async function statementsOf(client: Client, { text, values }: Said, own: readonly Own[]): Promise<readonly string[]> {
  const flat = text.replace(/\s+/g, ' ').trim();
  // Only what has no values may be several statements in one.
  if (values.length === 0)
    return flat
      .split(';')
      .map(one => `${one.trim()};`)
      .filter(one => one !== ';');
  await client.query(`PREPARE recorded AS ${text}`);
  const { rows } = await client.query<{ types: string[] }>(
    `SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'recorded'`,
  );
  await client.query('DEALLOCATE recorded');
  const filled = flat.replace(/\$(\d+)/g, (_, place: string) =>
    expressionOf(values[Number(place) - 1]!, rows[0]!.types[Number(place) - 1]!, own),
  );
  return [`${filled};`];
}

function expressionOf(value: string | null, type: string, own: readonly Own[]): string {
  if (value === null) return `NULL::${type}`;
  const parts = own.reduce<readonly (string | { readonly sql: string })[]>(
    (all, { recorded, parts: instead }) =>
      all.flatMap(part => (typeof part === 'string' ? between(part.split(recorded), instead) : [part])),
    [value],
  );
  const pieces = parts.filter(part => part !== '').map(part => (typeof part === 'string' ? literal(part) : part.sql));
  if (pieces.length === 0) return `''::${type}`;
  return pieces.length === 1 ? `(${pieces[0]})::${type}` : `concat(${pieces.join(', ')})::${type}`;
}

const between = <Part>(texts: readonly string[], instead: readonly Part[]): readonly (string | Part)[] =>
  texts.flatMap((text, index) => (index === 0 ? [text] : [...instead, text]));

/** Without a colon, which pgbench would take for the beginning of a name. */
const literal = (text: string): string =>
  text.includes(':')
    ? `U&'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\003a')}'`
    : `'${text.replaceAll("'", "''")}'`;
