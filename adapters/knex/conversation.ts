import type { Writable } from 'node:stream';

import { parserOf } from './connect.ts';

export interface Statement {
  /** The server keeps its plan under this name; empty for none. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly (string | null)[];
}

export interface Answer<Row> {
  /** The first word of what the server says of it, such as "INSERT". */
  readonly command: string;
  readonly rows: Row[];
}

/** What the driver's client is needed for. */
export interface Client {
  query(batch: Batch): unknown;
}

interface Said extends Statement {
  readonly resolve: (answer: Answer<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * All that is said over one connection, in that order. What is said before anybody waits for something else goes out
 * together and is answered together. With a message for each statement a checkout took 25 round trips; now it takes 9.
 */
export class Conversation {
  readonly #client: Client;
  readonly #prepared = new Map<string, Columns>();
  #waiting: Said[] = [];
  #busy = false;

  constructor(client: Client) {
    this.#client = client;
  }

  say(statement: Statement): Promise<Answer<unknown>> {
    return new Promise((resolve, reject) => {
      const first = this.#waiting.push({ ...statement, resolve, reject }) === 1;
      if (first && !this.#busy) process.nextTick(() => this.#send());
    });
  }

  #send(): void {
    const said = this.#waiting;
    this.#waiting = [];
    this.#busy = said.length > 0;
    if (this.#busy) this.#client.query(new Batch(said, this.#prepared, failure => this.#ended(failure)));
  }

  /** What was said without knowing of the failure may rest on what has failed, such as a BEGIN. */
  #ended(failure: unknown): void {
    if (failure !== undefined) for (const { reject } of this.#waiting.splice(0)) reject(failure);
    this.#send();
  }
}

/** The driver's connection, as far as it is spoken to here: the messages of Postgres' extended query protocol. */
interface Protocol {
  readonly stream: Pick<Writable, 'cork' | 'uncork'>;
  close(message: { type: 'S'; name: string }): void;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly (string | null)[] }): void;
  describe(message: { type: 'P' }): void;
  execute(message: object): void;
  sync(): void;
}

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

type Columns = readonly Column[];

/**
 * Statements with one Sync behind them: after one that fails the server skips the others, so all of them fail. Handed to
 * the driver as its cursors are: it calls these methods, and `callback` when it has put a time limit there.
 */
class Batch {
  callback?: (error: unknown) => void;
  readonly #said: readonly Said[];
  readonly #prepared: Map<string, Columns>;
  readonly #ended: (failure: unknown) => void;
  #at = 0;
  #columns: Columns = [];
  #rows: unknown[] = [];

  constructor(said: readonly Said[], prepared: Map<string, Columns>, ended: (failure: unknown) => void) {
    this.#said = said;
    this.#prepared = prepared;
    this.#ended = ended;
    this.#begin();
  }

  submit(protocol: Protocol): void {
    protocol.stream.cork();
    for (const { name, text, values } of this.#said) {
      const known = this.#prepared.has(name);
      if (!known) {
        // Nobody knows whether it got that far when an earlier attempt to prepare it failed.
        if (name) protocol.close({ type: 'S', name });
        protocol.parse({ name, text });
      }
      protocol.bind({ statement: name, values });
      if (!known) protocol.describe({ type: 'P' });
      protocol.execute({});
    }
    protocol.sync();
    protocol.stream.uncork();
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    try {
      this.#rows.push(rowOf(this.#columns, fields));
    } catch (error) {
      this.#said[this.#at]!.reject(error);
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const { name, resolve } = this.#said[this.#at]!;
    if (name) this.#prepared.set(name, this.#columns);
    resolve({ command: text.split(' ', 1)[0]!, rows: this.#rows });
    this.#at += 1;
    this.#begin();
  }

  handleReadyForQuery(): void {
    this.#end();
  }

  /** The driver tells of nothing that comes after it. */
  handleError(error: unknown): void {
    for (const { reject } of this.#said.slice(this.#at)) reject(error);
    this.#end(error);
  }

  /** The server need not describe again what it has prepared. */
  #begin(): void {
    this.#columns = this.#prepared.get(this.#said[this.#at]?.name ?? '') ?? [];
    this.#rows = [];
  }

  #end(error?: unknown): void {
    this.callback?.(error);
    this.#ended(error);
  }
}

/** @throws when a value is too large for a number */
function rowOf(columns: Columns, fields: readonly (string | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  columns.forEach(({ name, parse }, index) => {
    const text = fields[index]!;
    row[name] = text === null ? null : parse(text);
  });
  return row;
}
