import { setTimeout as sleep } from 'node:timers/promises';

import type { Knex } from 'knex';

import type { PersonalDataCipher, PersonKey } from '../../application/ports/personal-data.ts';
import type { Shipment } from '../../domain/ordering/order.ts';
import type { PostalAddress } from '../../domain/shared/postal-address.ts';
import type { Database } from './connection.ts';
import { inTransaction } from './in-transaction.ts';
import { PERSON_OF_ANSWER, SHOP } from './person-keys.ts';
import { indexesOf, rowOfAnswer, rowOfRefund, sealed, writtenAddress, writtenShipment } from './sealed-fields.ts';
import { type Query, sql, type Sql } from './sql.ts';

/** Enough to be fast, and few enough that nobody waits for these rows for long. */
const BATCH = 200;

/** A table with rows that an older version of the shop wrote in plain text. */
interface PlainTable<Row> {
  readonly name: string;
  /** Some that nobody else is at. */
  readonly some: Sql;
  /** Writes what `seal` made, and takes away what was plain. */
  readonly write: (rows: string) => Sql;
  readonly seal: (cipher: PersonalDataCipher, key: PersonKey, row: Row) => object;
}

interface PlainRow {
  readonly person_id: string;
}

interface PlainOrder extends PlainRow {
  readonly id: string;
  readonly email: string | null;
  readonly address: PostalAddress | null;
  readonly shipment: Shipment | null;
  readonly cancelReason: string | null;
  readonly resumeReason: string | null;
}

const table = <Row extends PlainRow>(spec: PlainTable<Row>): PlainTable<PlainRow> =>
  spec as unknown as PlainTable<PlainRow>;

/** Answers are the last, when all persons have their keys: whoever has none is nobody, and the shop's is taken. */
const TABLES: readonly PlainTable<PlainRow>[] = [
  table<PlainRow & { readonly id: string; readonly email: string | null; readonly name: string | null }>({
    name: 'users',
    some: sql`SELECT id AS person_id, id, email, name FROM users WHERE email IS NOT NULL OR name IS NOT NULL`,
    seal: (cipher, key, { id, email, name }) => ({
      id,
      sealed_email: sealed(cipher, key, 'userEmail', id, email),
      sealed_name: sealed(cipher, key, 'userName', id, name),
      emails: email === null ? [] : indexesOf(cipher, email),
    }),
    // Whoever has the address already keeps it: an older version may have given it away twice meanwhile.
    write: rows => sql`
      WITH s AS (
        SELECT * FROM json_to_recordset(${rows}) AS s (id uuid, sealed_email text, sealed_name text, emails json)
      ), found AS (
        INSERT INTO user_emails (email_index, user_id)
        SELECT e, s.id FROM s, json_array_elements_text(s.emails) e ORDER BY e ON CONFLICT (email_index) DO NOTHING
      )
      UPDATE users u SET email = NULL, name = NULL, sealed_email = COALESCE(s.sealed_email, u.sealed_email),
             sealed_name = COALESCE(s.sealed_name, u.sealed_name)
        FROM s WHERE u.id = s.id`,
  }),
  table<PlainRow & PostalAddress & { readonly id: string }>({
    name: 'addresses',
    some: sql`
      SELECT user_id AS person_id, id, name, line1, line2, city, region, postal_code AS "postalCode", country
        FROM addresses WHERE line1 IS NOT NULL`,
    seal: (cipher, key, row) => ({
      id: row.id,
      sealed_address: sealed(cipher, key, 'address', row.id, writtenAddress(row)),
    }),
    write: rows => sql`
      UPDATE addresses a SET name = NULL, line1 = NULL, line2 = NULL, city = NULL, region = NULL, postal_code = NULL,
             country = NULL, sealed_address = s.sealed_address
        FROM json_to_recordset(${rows}) AS s (id uuid, sealed_address text) WHERE a.id = s.id`,
  }),
  table<PlainOrder>({
    name: 'orders',
    some: sql`
      SELECT COALESCE(user_id, id) AS person_id, id, email, shipping_address AS address, shipment,
             cancel_reason AS "cancelReason", resumed->>'reason' AS "resumeReason"
        FROM orders WHERE shipping_address IS NOT NULL OR email IS NOT NULL OR shipment IS NOT NULL
          OR cancel_reason IS NOT NULL OR resumed->>'reason' IS NOT NULL`,
    seal: (cipher, key, { id, email, address, shipment, cancelReason, resumeReason }) => ({
      id,
      sealed_shipping_address: sealed(cipher, key, 'orderAddress', id, address && writtenAddress(address)),
      sealed_email: sealed(cipher, key, 'orderEmail', id, email),
      email_index: email === null ? null : indexesOf(cipher, email)[0],
      sealed_shipment: sealed(cipher, key, 'shipment', id, shipment && writtenShipment(shipment)),
      sealed_cancel_reason: sealed(cipher, key, 'cancelReason', id, cancelReason),
      sealed_resume_reason: sealed(cipher, key, 'resumeReason', id, resumeReason),
    }),
    write: rows => sql`
      UPDATE orders o SET shipping_address = NULL, email = NULL, shipment = NULL, cancel_reason = NULL,
             resumed = o.resumed - 'reason',
             sealed_shipping_address = COALESCE(s.sealed_shipping_address, o.sealed_shipping_address),
             sealed_email = COALESCE(s.sealed_email, o.sealed_email),
             email_index = COALESCE(s.email_index, o.email_index),
             sealed_shipment = COALESCE(s.sealed_shipment, o.sealed_shipment),
             sealed_cancel_reason = COALESCE(s.sealed_cancel_reason, o.sealed_cancel_reason),
             sealed_resume_reason = COALESCE(s.sealed_resume_reason, o.sealed_resume_reason)
        FROM json_to_recordset(${rows})
             AS s (id uuid, sealed_shipping_address text, sealed_email text, email_index text, sealed_shipment text,
                   sealed_cancel_reason text, sealed_resume_reason text) WHERE o.id = s.id`,
  }),
  table<PlainRow & { readonly payment_id: string; readonly number: number; readonly reason: string }>({
    name: 'refunds',
    some: sql`
      SELECT (SELECT COALESCE(o.user_id, o.id) FROM payments p JOIN orders o ON o.id = p.order_id
               WHERE p.id = r.payment_id) AS person_id, payment_id, number, reason
        FROM refunds r WHERE reason IS NOT NULL`,
    seal: (cipher, key, row) => ({
      payment_id: row.payment_id,
      number: row.number,
      sealed_reason: sealed(cipher, key, 'refundReason', rowOfRefund(row), row.reason),
    }),
    write: rows => sql`
      UPDATE refunds r SET reason = NULL, sealed_reason = s.sealed_reason
        FROM json_to_recordset(${rows}) AS s (payment_id uuid, number integer, sealed_reason text)
       WHERE r.payment_id = s.payment_id AND r.number = s.number`,
  }),
  table<PlainRow & { readonly owner: string; readonly key: string; readonly response_body: string }>({
    name: 'idempotency_keys',
    some: sql`
      SELECT COALESCE((SELECT person_id FROM person_keys WHERE person_id = ${PERSON_OF_ANSWER}), ${SHOP}::uuid)
             AS person_id, owner, key, response_body
        FROM idempotency_keys i WHERE response_body IS NOT NULL`,
    seal: (cipher, key, row) => ({
      owner: row.owner,
      key: row.key,
      sealed_body: sealed(cipher, key, 'answer', rowOfAnswer(row), row.response_body),
    }),
    write: rows => sql`
      UPDATE idempotency_keys i SET response_body = NULL, sealed_body = s.sealed_body
        FROM json_to_recordset(${rows}) AS s (owner text, key text, sealed_body text)
       WHERE i.owner = s.owner AND i.key = s.key`,
  }),
];

/** Rows that are still plain. Each of these looks into an index that is empty once all is done. */
export const countPlain = (database: Database): Promise<number> => count(database, TABLES);

async function count(database: Database, tables: readonly PlainTable<PlainRow>[]): Promise<number> {
  const counts = tables.map(({ some }) => sql`(SELECT COUNT(*) FROM (${some}) p)`);
  const sum = counts.reduce((all, next) => sql`${all} + ${next}`);
  const [row] = await database.query<{ count: number }>(sql`SELECT ${sum} AS count`);
  return row!.count;
}

/**
 * Seals what an older version of the shop left in plain text, some rows at a time. May be killed and started again, and
 * run by several processes at once: each row is sealed once, and what is left is found by looking. Resolves to the names
 * of the tables that had such rows.
 */
export async function sealPlainRows(
  database: Database,
  cipher: PersonalDataCipher,
  progress: (message: string) => void,
): Promise<readonly string[]> {
  const touched: string[] = [];
  for (const plain of TABLES) {
    let done = 0;
    for (;;) {
      const rows = await inTransaction(database, ({ query }) => sealSome(query, cipher, plain));
      if (rows === 0) {
        if ((await count(database, [plain])) === 0) break;
        // Another process is at the last ones.
        await sleep(50);
      }
      done += rows;
      if (rows > 0 && done % (50 * BATCH) === 0)
        progress(`sealing personal data: ${done} rows of ${plain.name} so far`);
    }
    if (done === 0) continue;
    progress(`sealed the personal data in ${done} rows of ${plain.name}`);
    touched.push(plain.name);
  }
  return touched;
}

/**
 * The planner keeps some values of each column as they were when it last looked: makes it look again. Who does not own a
 * table may not, and then the server only warns; it looks by itself one day.
 */
export async function forgetSamples(knex: Knex, tables: readonly string[]): Promise<void> {
  for (const name of tables) await knex.raw('ANALYZE ??', [name]);
}

async function sealSome(query: Query, cipher: PersonalDataCipher, plain: PlainTable<PlainRow>): Promise<number> {
  const rows = await query<PlainRow>(sql`${plain.some} LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED`);
  if (rows.length === 0) return 0;
  const keyOf = await keysFor(query, cipher, [...new Set(rows.map(row => row.person_id))].toSorted());
  const written = rows.map(row => plain.seal(cipher, keyOf(row.person_id), row));
  await query(plain.write(JSON.stringify(written)));
  return rows.length;
}

/** Who has been erased gets none: what an older version wrote of them after that is sealed for nobody. */
async function keysFor(
  query: Query,
  cipher: PersonalDataCipher,
  persons: readonly string[],
): Promise<(personId: string) => PersonKey> {
  const fresh = new Map(persons.map(personId => [personId, cipher.newKey(personId)]));
  const rows = [...fresh.values()].map(({ personId, wrapped }) => ({ person_id: personId, wrapped }));
  await query(sql`
    INSERT INTO person_keys (person_id, wrapped)
    SELECT k.person_id, k.wrapped FROM json_to_recordset(${JSON.stringify(rows)}) AS k (person_id uuid, wrapped text)
     WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = k.person_id AND u.deleted_at IS NOT NULL)
        ON CONFLICT (person_id) DO NOTHING`);
  const stored = await query<{ person_id: string; wrapped: string }>(sql`
    SELECT person_id, wrapped FROM person_keys WHERE person_id = ANY(${[...persons]}::uuid[])`);
  const keys = new Map(stored.map(row => [row.person_id, { personId: row.person_id, wrapped: row.wrapped }]));
  return personId => keys.get(personId) ?? fresh.get(personId)!;
}
