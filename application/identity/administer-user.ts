import type { Rights, Role } from '../../domain/identity/permissions.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import { notFound } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { endSession } from './end-session.ts';
import { requireReach } from './reach.ts';

interface Command {
  readonly userId: UserId;
  readonly by: UserId;
  /** What whoever does it may do themselves. */
  readonly rights: Rights;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  readonly expectedVersion?: number | undefined;
}

/** Changes what somebody may do. All their sessions end, so that it holds from the next request on. */
export class AdministerUser {
  readonly #ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock };

  constructor(ports: { unitOfWork: UnitOfWork; clock: Clock }) {
    this.#ports = ports;
  }

  async execute({ userId, by, rights, role, disabled, expectedVersion }: Command): Promise<UserSnapshot> {
    const now = this.#ports.clock.now();
    return this.#ports.unitOfWork.run(async collections => {
      const user = await collections.users.find(userId);
      if (!user) throw notFound('User');
      const before = user.snapshot();
      requireVersion(before.version, expectedVersion);
      const changes = { ...(role !== undefined && { role }), ...(disabled !== undefined && { disabled }) };
      user.administer(changes, { at: now, by });
      await requireReach(collections, rights, [before.role, role ?? before.role]);
      await collections.users.save(user);
      for (const session of await collections.sessions.findOpenOf(userId)) await endSession(collections, session, now);
      return user.snapshot();
    });
  }
}
