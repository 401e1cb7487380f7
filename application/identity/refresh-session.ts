import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { endSession } from './end-session.ts';
import type { SessionTokens, SignedIn } from './session-tokens.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly sessionTokens: SessionTokens;
  readonly secretTokens: SecretTokens;
  readonly clock: Clock;
}

/** Trades a refresh token for a new pair. One that was traded in before ends its whole session. */
export class RefreshSession {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(command: { refreshToken: string }): Promise<SignedIn> {
    const { unitOfWork, sessionTokens, secretTokens, clock } = this.#ports;
    const hash = secretTokens.hash(command.refreshToken);
    const result = await unitOfWork.run(async collections => {
      const session = await collections.sessions.findByToken(hash);
      const user = session && (await collections.users.find(session.snapshot().userId))?.snapshot();
      if (!session || !user || user.disabled) return 'over';
      const tokens = sessionTokens.issue(user);
      const outcome = session.rotate(hash, tokens.issued, clock.now());
      if (outcome === 'reused') await endSession(collections, session, clock.now());
      if (outcome === 'rotated') await collections.sessions.save(session);
      return outcome === 'rotated' ? sessionTokens.signedIn(tokens, session, user) : outcome;
    });
    // Thrown only now: the session has to stay ended.
    if (result === 'reused')
      throw new DomainError('forbidden', 'REFRESH_TOKEN_REUSED', 'This token was used before: sign in again.');
    if (result === 'over') throw new DomainError('forbidden', 'UNAUTHENTICATED', 'The session is over: sign in again.');
    return result;
  }
}
