import type { Connection, Database } from './connection.ts';
import type { Answer } from './conversation.ts';
import { isSilence } from './errors.ts';
import { type Query, sql, type Sql, type Tell } from './sql.ts';

/**
 * The limits end with the transaction, as a pooler that lends connections requires. Statements here look rows up by
 * their ids: a new plan for each array of ids would cost more than all the rest of such a statement.
 */
const BEGIN = [
  sql`BEGIN`,
  sql`SELECT set_config('lock_timeout', '2s', true), set_config('statement_timeout', '5s', true),
             set_config('idle_in_transaction_session_timeout', '10s', true),
             set_config('plan_cache_mode', 'force_generic_plan', true)`,
];

/**
 * A transaction on a connection of Knex's pool. Not `knex.transaction`, which spends a round trip on each setting and
 * takes the silent ROLLBACK with which Postgres answers the COMMIT of a failed transaction for success.
 */
export class Transaction {
  readonly #database: Database;
  readonly #connection: Connection;
  #open = true;
  #used = false;
  #told: Promise<void> = Promise.resolve();
  #failure: unknown;

  private constructor(database: Database, connection: Connection) {
    this.#database = database;
    this.#connection = connection;
  }

  /** Nothing is said to the database that has not been asked for: it begins with the first question. */
  static async begin(database: Database): Promise<Transaction> {
    const transaction = new Transaction(database, await database.lend());
    transaction.#begin();
    return transaction;
  }

  readonly query: Query = async <Row>(statement: Sql): Promise<Row[]> => {
    this.#use();
    if (this.#failure !== undefined) throw this.#failure;
    try {
      const { rows } = await this.#say<Row>(statement);
      await this.#heard();
      return rows;
    } catch (error) {
      // After a failure everything fails: the first one says why.
      await this.#told;
      throw (this.#failure ??= error);
    }
  };

  readonly tell: Tell = (statement, refuse = rethrow) => {
    this.#use();
    if (this.#failure === undefined) this.#note(this.#say(statement).catch(refuse));
  };

  /** Does something whose failure must not cost the rest: afterwards all is as it was before. Then it rejects. */
  async attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    const fresh = !this.#used;
    // A savepoint costs a message and a transaction id; with nothing to save, starting again is cheaper.
    if (!fresh) await this.query(sql`SAVEPOINT attempt`);
    try {
      const result = await work();
      await this.#heard();
      return result;
    } catch (error) {
      // What is still to be said would take this along when it fails.
      await this.#told;
      await this.#say(fresh ? sql`ROLLBACK` : sql`ROLLBACK TO SAVEPOINT attempt`);
      this.#failure = undefined;
      if (fresh) this.#begin();
      throw error;
    }
  }

  /** @throws what failed first, if nobody has heard of it or somebody swallowed it: nothing was kept then */
  async commit(): Promise<void> {
    this.#open = false;
    try {
      const { command } = await this.#say(sql`COMMIT`);
      await this.#heard();
      if (command !== 'COMMIT') throw new Error('The database refused to commit.');
    } catch (error) {
      // The server skips a COMMIT that was sent along with what failed.
      await this.rollback();
      throw this.#failure ?? error;
    }
    await this.#database.takeBack(this.#connection);
  }

  async rollback(): Promise<void> {
    this.#open = false;
    await this.#told;
    // A server that fell silent would not answer that either; what ends with its connection is rolled back as well.
    let failure = isSilence(this.#failure) ? this.#failure : undefined;
    if (!failure) await this.#say(sql`ROLLBACK`).catch((error: unknown) => (failure = error));
    await this.#database.takeBack(this.#connection, failure);
  }

  #begin(): void {
    for (const statement of BEGIN) this.#note(this.#say(statement));
  }

  #use(): void {
    if (!this.#open) throw new Error('This unit of work is over: its collections cannot be used any more.');
    this.#used = true;
  }

  /** Nobody waits for this now; but if it fails, somebody will hear of it. */
  #note(answer: Promise<unknown>): void {
    const before = this.#told;
    this.#told = answer.then(
      () => before,
      async (error: unknown) => {
        await before;
        this.#failure ??= error;
      },
    );
  }

  async #heard(): Promise<void> {
    await this.#told;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #say<Row>(statement: Sql): Promise<Answer<Row>> {
    return this.#database.say<Row>(this.#connection, statement);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
