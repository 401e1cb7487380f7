import { ApiKey } from '../../domain/identity/api-key.ts';
import type { Rights } from '../../domain/identity/permissions.ts';
import type { ApiKeyId, UserId } from '../../domain/shared/ids.ts';
import type { ApiKeyQueries } from '../ports/api-keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { parseApiKeyText } from './api-key-text.ts';

interface Ports {
  readonly apiKeys: ApiKeyQueries;
  readonly unitOfWork: UnitOfWork;
  readonly secretTokens: SecretTokens;
  readonly clock: Clock;
}

/** A machine, and what it may do at this moment in the name of the user. */
export interface Machine {
  readonly id: ApiKeyId;
  readonly userId: UserId;
  readonly rights: Rights;
}

export class RecogniseApiKey {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Undefined for a text that is no key, a key that is over, and one whose owner may not come in. */
  async execute(text: string): Promise<Machine | undefined> {
    const { apiKeys, unitOfWork, secretTokens, clock } = this.#ports;
    const sent = parseApiKeyText(text);
    if (!sent) return undefined;
    const found = await apiKeys.find(sent.id);
    // Compared even where there is nothing to compare with, so that how long it takes does not tell which keys exist.
    const right = secretTokens.matches(sent.secret, found?.key.secretHash ?? secretTokens.hash(''));
    if (!found?.owner || !right) return undefined;
    const key = ApiKey.restore(found.key);
    const now = clock.now();
    if (!key.isGood(now)) return undefined;
    if (key.use(now)) await unitOfWork.run(({ apiKeys: all }) => all.noteUse(sent.id, now));
    return { id: sent.id, userId: found.key.ownerId, rights: key.rightsWithin(found.owner) };
  }
}
