import type { Knex } from 'knex';
import { anchor, code, page, table } from './markdown.ts';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
}

interface Rule {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** Knex's own book-keeping is left out. */
const OURS = `n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT LIKE 'knex_%'`;

const COLUMNS = `
  SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
         NOT a.attnotnull AS nullable, pg_get_expr(d.adbin, d.adrelid) AS default
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
   WHERE ${OURS} ORDER BY c.relname COLLATE "C", a.attnum`;

/** Since Postgres 18 NOT NULL is a constraint, too (n); here it stands with its column. Triggers (t) say less than their name. */
const CONSTRAINTS = `
  SELECT c.relname AS table, r.conname AS name, pg_get_constraintdef(r.oid) AS definition
    FROM pg_constraint r JOIN pg_class c ON c.oid = r.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE ${OURS} AND r.contype IN ('p', 'u', 'f', 'c')
   ORDER BY c.relname COLLATE "C", position(r.contype::text IN 'pufc'), r.conname COLLATE "C"`;

/** Those of constraints are left out: they say the same. Trigrams are there only where the server offers them. */
const INDEXES = `
  SELECT c.relname AS table, i.relname AS name, pg_get_indexdef(i.oid) AS definition
    FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE ${OURS} AND i.relname <> 'products_search_text'
     AND NOT EXISTS (SELECT FROM pg_constraint r WHERE r.conindid = i.oid AND r.contype IN ('p', 'u'))
   ORDER BY c.relname COLLATE "C", i.relname COLLATE "C"`;

/** @param knex a database that has been migrated */
export async function tablesPage(knex: Knex): Promise<string> {
  const read = async <Row>(sql: string) => (await knex.raw<{ rows: Row[] }>(sql)).rows;
  const columns = await read<Column>(COLUMNS);
  const constraints = await read<Rule>(CONSTRAINTS);
  const indexes = await read<Rule>(INDEXES);
  const names = [...new Set(columns.map(column => column.table))];
  return page(
    'Tables',
    `Read from a migrated database. Ids are UUIDv7 made by the program; amounts are whole minor units. Two deferred triggers
hold the items of an order to its total. Where the server has \`pg_trgm\`, \`products.search_text\` has a trigram index as well.`,
    names.map(name => `[${name}](#${anchor(name)})`).join(' · '),
    ...names.flatMap(name => {
      const mine = (rule: { readonly table: string }) => rule.table === name;
      return [
        `## ${name}`,
        table(['Column', 'Type', 'Null', 'Default'], columns.filter(mine).map(columnRow)),
        ...ruleTable('Constraint', constraints.filter(mine)),
        ...ruleTable('Index', indexes.filter(mine)),
      ];
    }),
  );
}

const columnRow = ({ name, type, nullable, default: value }: Column): string[] => [
  code(name),
  type,
  nullable ? 'yes' : '',
  value === null ? '' : code(value),
];

const ruleTable = (kind: string, rules: readonly Rule[]): string[] =>
  rules.length === 0
    ? []
    : [
        table(
          [kind, 'Says'],
          rules.map(rule => [code(rule.name), code(shortened(rule.definition))]),
        ),
      ];

const shortened = (definition: string): string =>
  definition.replace(/^CREATE (UNIQUE )?INDEX \S+ ON (?:public\.)?\S+ USING btree /, '$1').replaceAll(/\s+/g, ' ');
