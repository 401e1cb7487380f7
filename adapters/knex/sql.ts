/** What the driver can send. JSON is sent as text that is ready made, because it takes an array for one of Postgres. */
type Plain = string | number | boolean | Date | null | string[] | number[];
type SqlValue = Plain | Sql;

/** A piece of SQL, with the values that belong into it apart from its text. Pieces nest. */
export class Sql {
  readonly texts: readonly string[];
  readonly values: readonly SqlValue[];
  /** Its text is one of a few, so it is worth while to keep a plan for it. */
  readonly lasting: boolean;

  constructor(texts: readonly string[], values: readonly SqlValue[] = [], lasting = true) {
    this.texts = texts;
    this.values = values;
    this.lasting = lasting;
  }

  /** The text with `$1`, `$2` … in the places of the values. */
  flatten(): { text: string; values: Plain[] } {
    const values: Plain[] = [];
    return { text: this.#textWith(values), values };
  }

  /** Puts its values behind those that are there. */
  #textWith(values: Plain[]): string {
    let text = this.texts[0] ?? '';
    this.values.forEach((value, index) => {
      if (value instanceof Sql) text += value.#textWith(values);
      else text += `$${values.push(value)}`;
      text += this.texts[index + 1];
    });
    return text;
  }
}

export const sql = (texts: TemplateStringsArray, ...values: SqlValue[]): Sql => new Sql(texts, values);

/** As Postgres reads it, whatever the type of its column. */
export function written(value: Plain): string | null {
  if (value === null || typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (!Array.isArray(value)) return String(value);
  const quoted = value.map(one => (typeof one === 'string' ? `"${one.replace(/["\\]/g, '\\$&')}"` : one));
  return `{${quoted.join(',')}}`;
}

/** Text that this program wrote itself; never anything that came from outside. */
export const verbatim = (text: string): Sql => new Sql([text]);

/** A statement that hardly ever comes again with the same text, such as a search. */
export const fleeting = ({ texts, values }: Sql): Sql => new Sql(texts, values, false);

export const allOf = ([first, ...others]: readonly Sql[]): Sql =>
  others.reduce((all, condition) => sql`${all} AND ${condition}`, first ?? sql`TRUE`);

/** Runs one statement and resolves to its rows. */
export type Query = <Row = unknown>(statement: Sql) => Promise<Row[]>;

/**
 * Says what nobody needs the answer of. It leaves with the next question or with the commit, so it costs no round trip;
 * a failure shows there, as what `refuse` makes of it. Whatever must not be committed has to fail on the server.
 */
export type Tell = (statement: Sql, refuse?: (error: unknown) => never) => void;

/** Ends a statement whose part of WITH with this name must have found something; `orNone` says what its failure means. */
export const someOf = (name: string): Sql => verbatim(`SELECT 1 / COUNT(*) FROM ${name}`);

/**
 * Adds or replaces any number of rows of one table in one statement. All rows have the same columns; `key` names those
 * of its key. Who created a row, and when, stays as it is.
 */
export function upsert(table: string, key: string, rows: readonly object[]): Sql {
  const kept = new Set([...key.split(', '), 'created_at', 'created_by']);
  const replaced = columnsOf(rows)
    .filter(column => !kept.has(column))
    .map(column => `${column} = excluded.${column}`);
  return sql`${insert(table, rows)} ON CONFLICT (${verbatim(key)}) DO UPDATE SET ${verbatim(replaced.join(', '))}`;
}

/** Adds any number of rows, whose values travel as one JSON text and are read by the types of the table. */
export function insert(table: string, rows: readonly object[]): Sql {
  const columns = verbatim(columnsOf(rows).join(', '));
  const target = verbatim(table);
  return sql`
    INSERT INTO ${target} (${columns}) SELECT ${columns}
      FROM json_populate_recordset(NULL::${target}, ${JSON.stringify(rows)})`;
}

const columnsOf = ([first = {}]: readonly object[]): string[] => Object.keys(first);

/** For LIKE: finds the text anywhere, whatever wildcards it holds. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, match => `\\${match}`)}%`;
