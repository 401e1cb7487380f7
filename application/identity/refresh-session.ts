import { CUSTOMER } from '../../domain/identity/permissions.ts';
import type { Session } from '../../domain/identity/session.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { Collections, UnitOfWork } from '../ports/unit-of-work.ts';
import { endSession } from './end-session.ts';
import type { SessionTokens, SignedIn } from './session-tokens.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly sessionTokens: SessionTokens;
  readonly secretTokens: SecretTokens;
  readonly clock: Clock;
}

interface Command {
  readonly refreshToken: string;
  /** The same with the same token gives the same successor again: the answer may have been lost. */
  readonly key?: string | undefined;
}

/** Trades a refresh token for a new pair. One that was traded in before ends its whole session. */
export class RefreshSession {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(command: Command): Promise<SignedIn> {
    const { unitOfWork, secretTokens } = this.#ports;
    const hash = secretTokens.hash(command.refreshToken);
    const result = await unitOfWork.run(async collections => {
      const session = await collections.sessions.findByToken(hash);
      const user = session && (await collections.users.find(session.snapshot().userId))?.snapshot();
      const cutoff = await collections.sessionCutoff.find();
      if (!session || !user || user.disabled || (cutoff && session.isOlderThan(cutoff))) return 'over';
      return this.#rotate(collections, { session, user, hash, command });
    });
    // Thrown only now: the session has to stay ended.
    if (result === 'reused')
      throw new DomainError('forbidden', 'REFRESH_TOKEN_REUSED', 'This token was used before: sign in again.');
    if (result === 'over') throw new DomainError('forbidden', 'UNAUTHENTICATED', 'The session is over: sign in again.');
    return result;
  }

  async #rotate(
    collections: Collections,
    { session, user, hash, command }: { session: Session; user: UserSnapshot; hash: string; command: Command },
  ): Promise<SignedIn | 'reused' | 'over'> {
    const { sessionTokens, clock } = this.#ports;
    const now = clock.now();
    // Asking locks the role, and customers are many.
    const role = user.role === CUSTOMER ? undefined : await collections.roles.find(user.role);
    const tokens = sessionTokens.issue(user, role?.snapshot().permissions ?? [], this.#successor(session, command));
    const outcome = session.rotate(hash, tokens.issued, now);
    if (outcome === 'over') return outcome;
    if (outcome === 'reused') {
      await endSession(collections, session, now);
      const subject = { type: 'session', id: session.snapshot().id };
      collections.audit.add({ action: 'session.reused', outcome: 'refused', subject, after: { user_id: user.id } });
      return outcome;
    }
    await collections.sessions.save(session);
    return sessionTokens.signedIn(tokens, session, user);
  }

  /** Undefined, for a random one, without a key. The one that was given out before, where it is among the candidates. */
  #successor(session: Session, { refreshToken, key }: Command): string | undefined {
    if (key === undefined) return undefined;
    const { secretTokens } = this.#ports;
    const candidates = secretTokens.derive(refreshToken, key);
    return candidates.find(token => secretTokens.hash(token) === session.snapshot().tokenHash) ?? candidates[0];
  }
}
