import type { Page, PageRequest } from '../../application/ports/paging.ts';
import type { SessionFacts, UserQueries } from '../../application/ports/user-queries.ts';
import type { AddressSnapshot } from '../../domain/identity/address.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { compareText, newestFirst, pageOf } from './paging.ts';
import type { View } from './tables.ts';

export class InMemoryUserQueries implements UserQueries {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async find(id: UserId): Promise<UserSnapshot | undefined> {
    return this.#view.users.get(id);
  }

  async list(request: PageRequest): Promise<Page<UserSnapshot>> {
    return pageOf(
      [...this.#view.users.values()],
      newestFirst(user => user.id),
      request,
      user => user,
    );
  }

  async addressesOf(userId: UserId): Promise<readonly AddressSnapshot[]> {
    return this.#view.addressesByUser
      .of(userId)
      .map(id => this.#view.addresses.get(id))
      .filter(address => address !== undefined)
      .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || compareText(a.id, b.id));
  }

  async sessionsOf(userId: UserId): Promise<readonly SessionFacts[]> {
    return this.#view.sessionsByUser
      .of(userId)
      .map(id => this.#view.sessions.get(id)!)
      .map(({ id, startedAt, expiresAt, endedAt }) => ({ id, startedAt, expiresAt, endedAt }))
      .toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime() || compareText(a.id, b.id));
  }
}
