import type { Answer, Connection, Database } from './connection.ts';
import { type Query, sql, type Sql } from './sql.ts';

/** One message, one round trip. `SET LOCAL` ends with the transaction, as a pooler that lends connections requires. */
const BEGIN = sql`
  BEGIN; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '5s';
  SET LOCAL idle_in_transaction_session_timeout = '10s'`;

/**
 * A transaction on a connection of Knex's pool. Not `knex.transaction`, which spends a round trip on each setting and
 * takes the silent ROLLBACK with which Postgres answers the COMMIT of a failed transaction for success.
 */
export class Transaction {
  readonly #database: Database;
  readonly #connection: Connection;
  #open = true;
  #used = false;
  #failure: unknown;

  private constructor(database: Database, connection: Connection) {
    this.#database = database;
    this.#connection = connection;
  }

  static async begin(database: Database): Promise<Transaction> {
    const transaction = new Transaction(database, await database.lend());
    try {
      await transaction.#say(BEGIN);
      return transaction;
    } catch (error) {
      await transaction.#release(error);
      throw error;
    }
  }

  readonly query: Query = async <Row>(statement: Sql): Promise<Row[]> => {
    if (!this.#open) throw new Error('This unit of work is over: its collections cannot be used any more.');
    this.#used = true;
    try {
      return (await this.#say<Row>(statement)).rows;
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  };

  /** Does something whose failure must not cost the rest: afterwards all is as it was before. Then it rejects. */
  async attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    const fresh = !this.#used;
    // A savepoint costs a round trip and a transaction id; with nothing to save, starting again is cheaper.
    if (!fresh) await this.#say(sql`SAVEPOINT attempt`);
    try {
      return await work();
    } catch (error) {
      await this.#say(fresh ? sql`ROLLBACK; ${BEGIN}` : sql`ROLLBACK TO SAVEPOINT attempt`);
      this.#failure = undefined;
      throw error;
    }
  }

  /** @throws what failed first, when somebody swallowed a failure: nothing was kept then */
  async commit(): Promise<void> {
    this.#open = false;
    try {
      const { command } = await this.#say(sql`COMMIT`);
      if (command !== 'COMMIT') throw this.#failure ?? new Error('The database refused to commit.');
      await this.#release();
    } catch (error) {
      await this.#release(error);
      throw error;
    }
  }

  async rollback(): Promise<void> {
    this.#open = false;
    await this.#say(sql`ROLLBACK`).then(
      () => this.#release(),
      (error: unknown) => this.#release(error),
    );
  }

  #say<Row>(statement: Sql): Promise<Answer<Row>> {
    return this.#database.say<Row>(this.#connection, statement);
  }

  #release(failure?: unknown): Promise<void> {
    return this.#database.takeBack(this.#connection, failure);
  }
}
