import type { PersonalDataCipher } from '../../application/ports/personal-data.ts';
import type { Database } from './connection.ts';
import { inTransaction } from './in-transaction.ts';
import { countPlain, sealPlainRows } from './seal-rows.ts';
import { indexesOf, opened } from './sealed-fields.ts';
import { type Query, sql, type Sql } from './sql.ts';

const BATCH = 500;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

type Progress = (message: string) => void;

/** What has to be done before an older key can be taken away. */
export interface LeftToRotate {
  /** Persons whose key is wrapped by another master key than the first. */
  readonly keys: number;
  /** Customers and orders that are not found by the first master key. */
  readonly lookups: number;
  /** Rows that are still plain. */
  readonly plain: number;
}

interface Keyed {
  readonly id: string;
  readonly wrapped: string;
}

const underOtherKeys = (column: Sql, cipher: PersonalDataCipher): Sql =>
  sql`split_part(${column}, ':', 1) <> ${cipher.kids[0]}`;

const wrappedByOthers = (cipher: PersonalDataCipher): Sql => sql`split_part(k.wrapped, ':', 2) <> ${cipher.kids[0]}`;

const notIndexed = (cipher: PersonalDataCipher): Sql => sql`
  u.deleted_at IS NULL AND u.sealed_email IS NOT NULL AND NOT EXISTS (
    SELECT FROM user_emails e WHERE e.user_id = u.id AND split_part(e.email_index, ':', 1) = ${cipher.kids[0]})`;

const forgotten = (cipher: PersonalDataCipher): Sql =>
  sql`split_part(email_index, ':', 1) <> ALL(${[...cipher.kids]}::text[])`;

/**
 * Brings everything under the first master key while the shop goes on: data keys are wrapped anew and look-ups made
 * anew. May be killed and started again: what is done is told from what is not by looking at it, and each batch is done
 * whole or not at all.
 */
export async function rotateKeys(
  database: Database,
  cipher: PersonalDataCipher,
  progress: Progress,
): Promise<LeftToRotate> {
  await sealPlainRows(database, cipher, progress);
  await walk(database, 'keys wrapped anew', progress, (query, after) => rewrapSome(query, cipher, after));
  await walk(database, 'customers made to be found anew', progress, (query, after) => indexSome(query, cipher, after));
  await walk(database, 'orders made to be found anew', progress, (query, after) => indexOrders(query, cipher, after));
  // Only now: until then somebody could not have been found any more.
  await walk(database, 'old look-ups removed', progress, query => dropSome(query, cipher));
  return leftToRotate(database, cipher);
}

export async function leftToRotate(database: Database, cipher: PersonalDataCipher): Promise<LeftToRotate> {
  const [left] = await database.query<{ keys: number; lookups: number }>(sql`
    SELECT (SELECT COUNT(*) FROM person_keys k WHERE ${wrappedByOthers(cipher)}) AS keys,
           (SELECT COUNT(*) FROM users u JOIN person_keys k ON k.person_id = u.id WHERE ${notIndexed(cipher)}) +
           (SELECT COUNT(*) FROM orders o JOIN person_keys k ON k.person_id = COALESCE(o.user_id, o.id)
             WHERE o.email_index IS NOT NULL AND ${underOtherKeys(sql`o.email_index`, cipher)}) AS lookups`);
  return { ...left!, plain: await countPlain(database) };
}

/** Batch after batch in ascending order, each behind the last row of the one before. */
async function walk(
  database: Database,
  what: string,
  progress: Progress,
  some: (query: Query, after: string) => Promise<readonly { readonly id: string }[]>,
): Promise<void> {
  let after = BEFORE_ALL;
  let done = 0;
  for (;;) {
    const rows = await inTransaction(database, ({ query }) => some(query, after));
    if (rows.length === 0) break;
    done += rows.length;
    after = rows.at(-1)!.id;
    progress(`${what}: ${done}`);
  }
}

async function rewrapSome(query: Query, cipher: PersonalDataCipher, after: string): Promise<readonly Keyed[]> {
  const rows = await query<Keyed>(sql`
    SELECT k.person_id AS id, k.wrapped FROM person_keys k WHERE k.person_id >= ${after} AND ${wrappedByOthers(cipher)}
     ORDER BY k.person_id LIMIT ${BATCH} FOR NO KEY UPDATE`);
  const anew = rows.map(({ id, wrapped }) => cipher.rewrap({ personId: id, wrapped }));
  await query(sql`
    UPDATE person_keys k SET wrapped = a.wrapped, updated_at = now()
      FROM json_to_recordset(${JSON.stringify(anew)}) AS a ("personId" uuid, wrapped text) WHERE k.person_id = a."personId"`);
  return rows;
}

async function indexSome(query: Query, cipher: PersonalDataCipher, after: string): Promise<readonly Keyed[]> {
  const rows = await query<Keyed & { readonly sealed_email: string }>(sql`
    SELECT u.id, u.sealed_email, k.wrapped FROM users u JOIN person_keys k ON k.person_id = u.id
     WHERE u.id > ${after} AND ${notIndexed(cipher)} ORDER BY u.id LIMIT ${BATCH} FOR NO KEY UPDATE OF u`);
  const indexes = rows.flatMap(({ id, wrapped, sealed_email: email }) =>
    indexesOf(cipher, opened(cipher, { personId: id, wrapped }, 'userEmail', id, email)).map(index => ({ id, index })),
  );
  await query(sql`
    INSERT INTO user_emails (email_index, user_id)
    SELECT index, id FROM json_to_recordset(${JSON.stringify(indexes)}) AS i (id uuid, index text)
     ORDER BY index ON CONFLICT (email_index) DO NOTHING`);
  return rows;
}

async function indexOrders(query: Query, cipher: PersonalDataCipher, after: string): Promise<readonly Keyed[]> {
  const rows = await query<Keyed & { readonly person_id: string; readonly sealed_email: string }>(sql`
    SELECT o.id, o.sealed_email, k.person_id, k.wrapped
      FROM orders o JOIN person_keys k ON k.person_id = COALESCE(o.user_id, o.id)
     WHERE o.id > ${after} AND o.email_index IS NOT NULL AND ${underOtherKeys(sql`o.email_index`, cipher)}
     ORDER BY o.id LIMIT ${BATCH} FOR NO KEY UPDATE OF o`);
  const indexes = rows.map(({ id, person_id: personId, wrapped, sealed_email: email }) => {
    const [index] = indexesOf(cipher, opened(cipher, { personId, wrapped }, 'orderEmail', id, email));
    return { id, index };
  });
  await query(sql`
    UPDATE orders o SET email_index = i.index
      FROM json_to_recordset(${JSON.stringify(indexes)}) AS i (id uuid, index text) WHERE o.id = i.id`);
  return rows;
}

async function dropSome(query: Query, cipher: PersonalDataCipher): Promise<readonly { readonly id: string }[]> {
  return query<{ id: string }>(sql`
    DELETE FROM user_emails WHERE email_index IN (
      SELECT email_index FROM user_emails WHERE ${forgotten(cipher)} LIMIT ${BATCH}) RETURNING user_id AS id`);
}
