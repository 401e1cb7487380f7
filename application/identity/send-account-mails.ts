import { OneTimeToken, type TokenPurpose } from '../../domain/identity/one-time-token.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import type { StoredEvent } from '../../domain/shared/event.ts';
import { UserId } from '../../domain/shared/ids.ts';
import type { EventMessenger } from '../events/event-messenger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Mail, Mailer } from '../ports/mailer.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { Collections } from '../ports/unit-of-work.ts';
import type { AccountEventType } from './account-event.ts';
import {
  passwordChangedMail,
  resetMail,
  secondFactorAddedMail,
  secondFactorRemovedMail,
  verificationMail,
} from './account-mails.ts';

interface Ports {
  readonly mailer: Mailer;
  readonly secretTokens: SecretTokens;
  readonly clock: Clock;
  readonly shopUrl: string | undefined;
}

const TYPES: readonly AccountEventType[] = [
  'user.registered',
  'user.verification_asked',
  'user.password_forgotten',
  'user.password_changed',
  'user.second_factor_added',
  'user.second_factor_removed',
];

/**
 * Writes to people about their accounts. A token is made only now, and only its hash is kept: it is in the mail and
 * nowhere else. So a mail that is sent again holds another one.
 */
export class SendAccountMails implements EventMessenger {
  readonly name = 'account-mails';
  readonly types = TYPES;
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async prepare({ type, aggregateId }: StoredEvent, collections: Collections) {
    const user = (await collections.users.find(UserId(aggregateId)))?.snapshot();
    if (!user || user.disabled) return undefined;
    const mail = await this.#mailFor(type as AccountEventType, user, collections);
    return mail && (() => this.#ports.mailer.send(mail));
  }

  async #mailFor(type: AccountEventType, user: UserSnapshot, collections: Collections): Promise<Mail | undefined> {
    const { shopUrl } = this.#ports;
    if (type === 'user.password_changed') return passwordChangedMail(user.email);
    if (type === 'user.second_factor_added') return secondFactorAddedMail(user.email);
    if (type === 'user.second_factor_removed') return secondFactorRemovedMail(user.email);
    if (type === 'user.password_forgotten') {
      const token = await this.#issue('password-reset', user.id, collections);
      return resetMail(user.email, { token, shopUrl });
    }
    if (user.emailVerifiedAt) return undefined;
    const token = await this.#issue('email-verification', user.id, collections);
    return verificationMail(user.email, { token, shopUrl });
  }

  async #issue(purpose: TokenPurpose, userId: UserId, { oneTimeTokens }: Collections): Promise<string> {
    const { secretTokens, clock } = this.#ports;
    const token = secretTokens.next();
    const issued = OneTimeToken.issue({ tokenHash: secretTokens.hash(token), userId, purpose }, clock.now());
    await oneTimeTokens.save(issued);
    return token;
  }
}
