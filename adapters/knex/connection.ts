import { createHash } from 'node:crypto';

import type { Knex } from 'knex';

import { isOutage, isStalePlan } from './errors.ts';
import type { Sql } from './sql.ts';

/** A connection of Knex's pool: a client of the driver `pg`. */
export interface Connection {
  query(statement: { text: string; values: unknown[]; name?: string }): Promise<Answer<unknown>>;
}

interface Pool {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
}

export interface StatementSettings {
  /**
   * Whether the database keeps the plans of statements under names; on unless told otherwise. A pooler that lends
   * connections for one transaction must know of that: PgBouncer does since 1.21, with `max_prepared_statements`.
   */
  readonly preparedStatements?: boolean | undefined;
}

export interface Answer<Row> {
  readonly command: string;
  readonly rows: Row[];
}

/** The connections to one database, and the one place where this adapter says something to it. */
export class Database {
  readonly #pool: Pool;
  readonly #prepares: boolean;
  readonly #names = new Map<string, string>();
  /** Part of all names, so that one number more makes every connection plan everything anew. */
  #edition = 1;

  constructor(knex: Knex, { preparedStatements = true }: StatementSettings = {}) {
    // Knex does not type its client.
    this.#pool = knex.client as Pool;
    this.#prepares = preparedStatements;
  }

  lend(): Promise<Connection> {
    return this.#pool.acquireConnection();
  }

  /** One that failed in a way that leaves its state unknown is closed instead of lent again. */
  async takeBack(connection: Connection, failure?: unknown): Promise<void> {
    // Knex closes a connection that carries this mark.
    if (failure !== undefined) Object.assign(connection, { __knex__disposed: failure });
    await this.#pool.releaseConnection(connection);
  }

  /** Sent at once: what is said to one connection is carried out in that order, however many answers are awaited. */
  async say<Row>(connection: Connection, statement: Sql): Promise<Answer<Row>> {
    const { text, values } = statement.flatten();
    const name = this.#prepares && statement.lasting && values.length > 0 ? { name: this.#nameOf(text) } : undefined;
    try {
      return (await connection.query({ text, values, ...name })) as Answer<Row>;
    } catch (error) {
      if (isStalePlan(error)) this.#edition += 1;
      throw error;
    }
  }

  /** On whatever connection is free. */
  async query<Row>(statement: Sql): Promise<Row[]> {
    const connection = await this.lend();
    let failure: unknown;
    try {
      return (await this.say<Row>(connection, statement)).rows;
    } catch (error) {
      if (isStalePlan(error)) return (await this.say<Row>(connection, statement)).rows;
      if (isOutage(error)) failure = error;
      throw error;
    } finally {
      await this.takeBack(connection, failure);
    }
  }

  #nameOf(text: string): string {
    let hash = this.#names.get(text);
    if (hash === undefined) {
      hash = createHash('sha256').update(text).digest('base64url').slice(0, 16);
      this.#names.set(text, hash);
    }
    return `${hash}_${this.#edition}`;
  }
}
