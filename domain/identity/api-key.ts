import type { ApiKeyId, UserId } from '../shared/ids.ts';
import { invalidValue } from '../shared/domain-error.ts';
import { type Permission, requireHeld, type Rights } from './permissions.ts';

const USE_IS_NOTED_EVERY_MS = 60_000;

export interface ApiKeySnapshot {
  readonly id: ApiKeyId;
  /** In whose name it acts. */
  readonly ownerId: UserId;
  readonly name: string;
  readonly secretHash: string;
  readonly permissions: readonly Permission[];
  readonly createdAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

type NewKey = Pick<ApiKeySnapshot, 'id' | 'ownerId' | 'name' | 'secretHash' | 'permissions' | 'expiresAt'>;

/** Lets a machine act in the name of a person, with some of what that person may do. */
export class ApiKey {
  #state: ApiKeySnapshot;

  private constructor(state: ApiKeySnapshot) {
    this.#state = state;
  }

  static make(facts: NewKey, own: Rights, now: Date): ApiKey {
    requireHeld(own, facts.permissions);
    if (facts.expiresAt && facts.expiresAt <= now) throw invalidValue('expires_at', 'must be in the future');
    return new ApiKey({ ...facts, createdAt: now, lastUsedAt: null, revokedAt: null });
  }

  static restore(snapshot: ApiKeySnapshot): ApiKey {
    return new ApiKey(snapshot);
  }

  snapshot(): ApiKeySnapshot {
    return this.#state;
  }

  revoke(by: UserId, own: Rights, now: Date): void {
    if (by !== this.#state.ownerId) requireHeld(own, this.#state.permissions);
    this.#state = { ...this.#state, revokedAt: this.#state.revokedAt ?? now };
  }

  /** True when it was worth noting: it is at most once a minute. */
  use(now: Date): boolean {
    const { lastUsedAt } = this.#state;
    if (lastUsedAt && now.getTime() - lastUsedAt.getTime() < USE_IS_NOTED_EVERY_MS) return false;
    this.#state = { ...this.#state, lastUsedAt: now };
    return true;
  }

  isGood(now: Date): boolean {
    const { revokedAt, expiresAt } = this.#state;
    return !revokedAt && (!expiresAt || now < expiresAt);
  }

  /** What it may do while its owner has these rights. */
  rightsWithin({ role, permissions }: Rights): Rights {
    return { role, permissions: permissions.filter(permission => this.#state.permissions.includes(permission)) };
  }
}
