import type { PersonalDataCipher, PersonKey } from '../../application/ports/personal-data.ts';
import { Recent } from '../../application/recent.ts';
import { type Query, sql, verbatim } from './sql.ts';

/** What belongs to nobody in particular is sealed for the shop itself. */
export const SHOP = '00000000-0000-0000-0000-000000000000';

/** Whom an answer in `idempotency_keys`, as `i`, tells of: who called, or else who is a guest with this order. */
export const PERSON_OF_ANSWER = verbatim(
  `CASE WHEN i.owner ~ '^user:[0-9a-f-]{36}$' THEN substr(i.owner, 6)::uuid ELSE i.order_id END`,
);

const LEAST_KNOWN = 10_000;

/**
 * The cipher of a store, and the committed keys that it has seen. An entry may outlive its key: what is sealed under a
 * key that has been destroyed nobody can read, and whoever has been erased writes nothing any more. One that has been
 * wrapped anew meanwhile is the same key.
 */
export class Sealing {
  readonly cipher: PersonalDataCipher;
  readonly #known = new Recent<PersonKey>(LEAST_KNOWN);

  constructor(cipher: PersonalDataCipher) {
    this.cipher = cipher;
  }

  known(personId: string): PersonKey | undefined {
    return this.#known.get(personId);
  }

  saw(key: PersonKey): PersonKey {
    this.#known.set(key.personId, key);
    return key;
  }
}

/** The keys of persons as one unit of work sees them. */
export class PersonKeys {
  readonly cipher: PersonalDataCipher;
  readonly #sealing: Sealing;
  readonly #query: Query;
  /** Kept apart: if the transaction fails, nobody will ever have had them. */
  readonly #made = new Map<string, PersonKey>();

  constructor(sealing: Sealing, query: Query) {
    this.cipher = sealing.cipher;
    this.#sealing = sealing;
    this.#query = query;
  }

  /** Undefined for who was never here and for who has been erased. */
  async find(personId: string): Promise<PersonKey | undefined> {
    const known = this.#at(personId);
    if (known) return known;
    const [row] = await this.#query<{ wrapped: string }>(sql`
      SELECT wrapped FROM person_keys WHERE person_id = ${personId}`);
    return row && this.saw(personId, row.wrapped);
  }

  /** Makes one for who has none yet. */
  async ensure(personId: string): Promise<PersonKey> {
    return this.#at(personId) ?? this.#insert(this.cipher.newKey(personId));
  }

  /** Read together with something else. */
  saw(personId: string, wrapped: string): PersonKey {
    return this.#at(personId) ?? this.#sealing.saw({ personId, wrapped });
  }

  #at(personId: string): PersonKey | undefined {
    return this.#made.get(personId) ?? this.#sealing.known(personId);
  }

  async #insert(key: PersonKey): Promise<PersonKey> {
    const { personId, wrapped } = key;
    // Changes nothing, but resolves to whatever is there.
    const [row] = await this.#query<{ wrapped: string }>(sql`
      INSERT INTO person_keys (person_id, wrapped) VALUES (${personId}, ${wrapped})
          ON CONFLICT (person_id) DO UPDATE SET person_id = excluded.person_id RETURNING wrapped`);
    if (row!.wrapped !== wrapped) return this.#sealing.saw({ personId, wrapped: row!.wrapped });
    this.#made.set(personId, key);
    return key;
  }
}
