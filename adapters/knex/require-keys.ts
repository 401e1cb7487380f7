import type { PersonalDataCipher } from '../../application/ports/personal-data.ts';
import type { Database } from './connection.ts';
import { sql } from './sql.ts';

/** With another key the shop would find nobody by e-mail, and give the same address away a second time. */
export class MissingMasterKey extends Error {
  override readonly name = 'MissingMasterKey';

  constructor(kid: string) {
    super(
      `Personal data in this database is sealed under the key ${kid}, which is not among PII_KEYS. Give it back to ` +
        'PII_KEYS or, where the shop keeps its own, to secrets/personal-data-key in the data folder. Without it that ' +
        'data cannot be read by anybody.',
    );
  }
}

/** @throws MissingMasterKey when somebody's key was wrapped by one that the cipher does not have */
export async function requireKeys(database: Database, cipher: PersonalDataCipher): Promise<void> {
  const [row] = await database.query<{ kid: string }>(sql`
    SELECT split_part(wrapped, ':', 2) AS kid FROM person_keys
     WHERE split_part(wrapped, ':', 2) <> ALL(${[...cipher.kids]}::text[]) LIMIT 1`);
  if (row) throw new MissingMasterKey(row.kid);
}
