import { alreadyOn, RECOVERY_CODES, SecondFactor } from '../../domain/identity/second-factor.ts';
import { DomainError, notFound } from '../../domain/shared/domain-error.ts';
import { accountGone } from './account-gone.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { OneTimeCodes } from '../ports/one-time-codes.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { UserQueries } from '../ports/user-queries.ts';
import { accountEvent } from './account-event.ts';
import { endOtherSessions } from './end-session.ts';
import type { Guessing } from './guessing.ts';
import { recoveryHash, takeCode } from './second-factor-check.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly users: UserQueries;
  readonly codes: OneTimeCodes;
  readonly secretTokens: SecretTokens;
  readonly guessing: Guessing;
  readonly clock: Clock;
}

interface WithCode {
  readonly userId: UserId;
  readonly otp: string;
  readonly network: string;
}

interface Confirmation {
  readonly userId: UserId;
  readonly otp: string;
  /** The session that this access token belongs to lives on. */
  readonly accessTokenId: string;
}

/** Three small verbs: an authenticator is shown the secret, proves that it has it, and is taken away again. */
export class SetUpSecondFactor {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Asks for nothing at sign-in yet. Doing it again makes another secret, as long as none is confirmed. */
  async enrol({ userId }: { userId: UserId }): Promise<{ secret: string; url: string }> {
    const { unitOfWork, codes } = this.#ports;
    const { email } = await this.#user(userId);
    const secret = codes.newSecret();
    await unitOfWork.run(async ({ users, secondFactors }) => {
      await users.find(userId); // Locked, so that it cannot be confirmed in between.
      if ((await secondFactors.find(userId))?.isOn) throw alreadyOn();
      await secondFactors.save(SecondFactor.enrol({ userId, secret }));
    });
    return { secret, url: codes.urlOf(secret, email) };
  }

  /** The recovery codes are shown this once. Whoever is signed in elsewhere has not given a code, and is signed out. */
  async confirm({ userId, otp, accessTokenId }: Confirmation): Promise<readonly string[]> {
    const { unitOfWork, codes, secretTokens, clock } = this.#ports;
    const now = clock.now();
    const recoveryCodes = Array.from({ length: RECOVERY_CODES }, () => codes.newRecoveryCode());
    const recoveryHashes = recoveryCodes.map(code => recoveryHash(code, secretTokens));
    const user = await this.#user(userId);
    await unitOfWork.run(async collections => {
      const { secondFactors, outbox, audit } = collections;
      const factor = await secondFactors.find(userId);
      if (!factor) throw notFound('Second factor');
      if (factor.isOn) throw alreadyOn();
      const step = codes.stepOf(factor.snapshot().secret, otp, now);
      if (step === undefined) throw wrongCode();
      factor.confirm({ step, recoveryHashes }, now);
      await secondFactors.save(factor);
      await endOtherSessions(collections, { userId, accessTokenId }, now);
      await outbox.add([accountEvent('user.second_factor_added', user)]);
      audit.add({ action: 'second-factor.on', outcome: 'done', subject: { type: 'user', id: userId } });
    });
    return recoveryCodes;
  }

  /** Takes a code, of paper if need be: a stolen access token does not do. */
  async remove({ userId, otp, network }: WithCode): Promise<void> {
    const { unitOfWork, codes, secretTokens, guessing, clock } = this.#ports;
    const user = await this.#user(userId);
    await guessing.take({ email: user.email, network }, async guess => {
      await unitOfWork.run(async collections => {
        const factor = await collections.secondFactors.find(userId);
        if (!factor?.isOn) throw notFound('Second factor');
        const at = clock.now();
        if (!(await takeCode(collections, { factor, code: otp, at }, { codes, secretTokens }))) throw wrongCode();
        await collections.secondFactors.remove(userId);
        await collections.outbox.add([accountEvent('user.second_factor_removed', user)]);
        const subject = { type: 'user', id: userId };
        collections.audit.add({ action: 'second-factor.off', outcome: 'done', subject });
      });
      await guess.right();
    });
  }

  async #user(userId: UserId) {
    const user = await this.#ports.users.find(userId);
    if (!user) throw accountGone();
    return user;
  }
}

const wrongCode = (): DomainError => new DomainError('forbidden', 'INVALID_CREDENTIALS', 'The code is wrong.');
