import { createHash } from 'node:crypto';

import type { Knex } from 'knex';

import { type Answer, type Client, Conversation } from './conversation.ts';
import { isOutage, isStalePlan } from './errors.ts';
import { type Sql, written } from './sql.ts';

/** A connection of Knex's pool: a client of the driver `pg`. */
export type Connection = Client;

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

/** The connections to one database, and the one place where this adapter says something to it. */
export class Database {
  readonly #pool: Pool;
  readonly #prepares: boolean;
  readonly #names = new Map<string, string>();
  readonly #conversations = new WeakMap<Connection, Conversation>();
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

  /** What is said to one connection is carried out in that order, however many answers are awaited. */
  async say<Row>(connection: Connection, statement: Sql): Promise<Answer<Row>> {
    const { text, values } = statement.flatten();
    const name = this.#prepares && statement.lasting ? this.#nameOf(text) : '';
    try {
      return (await this.#with(connection).say({ name, text, values: values.map(written) })) as Answer<Row>;
    } catch (error) {
      if (isStalePlan(error)) this.#edition += 1;
      throw error;
    }
  }

  /** On whatever connection is free. */
  async query<Row>(statement: Sql): Promise<Row[]> {
    try {
      return await this.#query<Row>(statement);
    } catch (error) {
      if (isStalePlan(error)) return this.#query<Row>(statement);
      throw error;
    }
  }

  async #query<Row>(statement: Sql): Promise<Row[]> {
    const connection = await this.lend();
    let failure: unknown;
    try {
      return (await this.say<Row>(connection, statement)).rows;
    } catch (error) {
      if (isOutage(error)) failure = error;
      throw error;
    } finally {
      await this.takeBack(connection, failure);
    }
  }

  #with(connection: Connection): Conversation {
    const known = this.#conversations.get(connection) ?? new Conversation(connection);
    this.#conversations.set(connection, known);
    return known;
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
