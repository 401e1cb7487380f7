import { Session } from '../../domain/identity/session.ts';
import { CUSTOMER, type Permission } from '../../domain/identity/permissions.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import { SessionId } from '../../domain/shared/ids.ts';
import type { AccessTokens } from '../ports/access-tokens.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { RoleQueries } from '../ports/roles.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';

export const ACCESS_TOKEN_SECONDS = 15 * 60;

export interface SignedIn {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly refreshExpiresIn: number;
  readonly user: UserSnapshot;
}

export type Starting = (user: UserSnapshot) => { readonly session: Session; readonly signedIn: SignedIn };

interface Ports {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly accessTokens: AccessTokens;
  readonly secretTokens: SecretTokens;
  readonly roles: RoleQueries;
}

/** Makes the pair of tokens that a sign-in and each renewal hand out. */
export class SessionTokens {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** `permissions` are what the user's role holds, and `refreshToken` a new one unless it is given. */
  issue(user: UserSnapshot, permissions: readonly Permission[], refreshToken = this.#ports.secretTokens.next()) {
    const { clock, ids, accessTokens, secretTokens } = this.#ports;
    const id = ids.next();
    const expiresAt = new Date(clock.now().getTime() + ACCESS_TOKEN_SECONDS * 1000);
    return {
      accessToken: accessTokens.issue({ id, userId: user.id, role: user.role, permissions, expiresAt }),
      refreshToken,
      issued: {
        tokenHash: secretTokens.hash(refreshToken),
        accessToken: { issuer: accessTokens.issuer, id, expiresAt },
      },
    };
  }

  /** Asks what the user may do, and resolves to what starts a session of theirs, as they are when that is called. */
  async starting({ id, role }: UserSnapshot): Promise<Starting> {
    const rights = role === CUSTOMER ? undefined : await this.#ports.roles.rightsOf(id);
    return user => {
      const tokens = this.issue(user, user.role === role ? (rights?.permissions ?? []) : []);
      const facts = { id: SessionId(this.#ports.ids.next()), userId: user.id, ...tokens.issued };
      const session = Session.start(facts, this.#ports.clock.now());
      return { session, signedIn: this.signedIn(tokens, session, user) };
    };
  }

  signedIn(tokens: ReturnType<SessionTokens['issue']>, session: Session, user: UserSnapshot): SignedIn {
    const left = session.snapshot().expiresAt.getTime() - this.#ports.clock.now().getTime();
    return {
      accessToken: tokens.accessToken,
      expiresIn: ACCESS_TOKEN_SECONDS,
      refreshToken: tokens.refreshToken,
      refreshExpiresIn: Math.round(left / 1000),
      user,
    };
  }
}
