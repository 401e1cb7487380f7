import type { Knex } from 'knex';

import type { Sql } from './sql.ts';

/** A connection of Knex's pool. */
export type Connection = object;

interface Connections {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
}

/** Knex does not type its client. */
export const connectionsOf = (knex: Knex): Connections => knex.client;

/** Knex closes a connection that carries this mark, instead of lending it again. */
export const discard = (connection: Connection, why: unknown): void =>
  void Object.assign(connection, { __knex__disposed: why });

export interface Answer<Row> {
  readonly command: string;
  readonly rows: Row[];
}

/** Everything that this adapter says to the database passes here. Without a connection: on any of the pool. */
export async function execute<Row>(knex: Knex, statement: Sql, connection?: Connection): Promise<Answer<Row>> {
  const { text, values } = statement.flatten();
  const query = knex.raw<Answer<Row>>(text, values);
  return connection ? query.connection(connection) : query;
}
