import { ApiKey, type ApiKeySnapshot } from '../../domain/identity/api-key.ts';
import type { Permission, Rights } from '../../domain/identity/permissions.ts';
import { notFound } from '../../domain/shared/domain-error.ts';
import { ApiKeyId, type UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { apiKeyText } from './api-key-text.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly secretTokens: SecretTokens;
}

/** Who does it, and what they may do themselves. */
interface ByWhom {
  readonly by: UserId;
  readonly rights: Rights;
}

interface NewKey extends ByWhom {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly expiresAt: Date | null;
}

export class ManageApiKeys {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** `secret` is what the machine sends; nobody sees it again. */
  async make({ by, rights, ...facts }: NewKey): Promise<{ readonly key: ApiKeySnapshot; readonly secret: string }> {
    const { unitOfWork, clock, ids, secretTokens } = this.#ports;
    const id = ApiKeyId(ids.next());
    const secret = secretTokens.next();
    const secretHash = secretTokens.hash(secret);
    const key = ApiKey.make({ ...facts, id, ownerId: by, secretHash }, rights, clock.now());
    await unitOfWork.run(({ apiKeys }) => apiKeys.save(key));
    return { key: key.snapshot(), secret: apiKeyText(id, secret) };
  }

  async revoke(command: ByWhom & { readonly id: ApiKeyId }): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    await unitOfWork.run(async ({ apiKeys }) => {
      const key = await apiKeys.find(command.id);
      if (!key || key.snapshot().revokedAt) throw notFound('API key');
      key.revoke(command.by, command.rights, clock.now());
      await apiKeys.save(key);
    });
  }
}
