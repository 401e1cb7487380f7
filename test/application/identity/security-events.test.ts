import { readEntry } from '../../../application/audit/sealed-entry.ts';
import { expect } from 'chai';
import { TOTP } from 'otpauth';
import { FlexibleRateLimits } from '../../../adapters/limits/flexible-rate-limits.ts';
import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import { KeptMails } from '../../../adapters/mail/kept-mails.ts';
import { JwtAccessTokens } from '../../../adapters/security/jwt-access-tokens.ts';
import { RandomTokens } from '../../../adapters/security/random-tokens.ts';
import { generateSigningKeys, parseSigningKeys } from '../../../adapters/security/signing-keys.ts';
import { TotpCodes } from '../../../adapters/security/totp-codes.ts';
import { AskForMail } from '../../../application/identity/ask-for-mail.ts';
import { ChangePassword } from '../../../application/identity/change-password.ts';
import { ChoosePassword } from '../../../application/identity/choose-password.ts';
import { Guessing } from '../../../application/identity/guessing.ts';
import { Login } from '../../../application/identity/login.ts';
import { Register } from '../../../application/identity/register.ts';
import { ResetPassword } from '../../../application/identity/reset-password.ts';
import { SendAccountMails } from '../../../application/identity/send-account-mails.ts';
import { SessionTokens, type SignedIn } from '../../../application/identity/session-tokens.ts';
import { SetUpSecondFactor } from '../../../application/identity/set-up-second-factor.ts';
import { VerifyEmail } from '../../../application/identity/verify-email.ts';
import type { PasswordHasher } from '../../../application/ports/password-hasher.ts';
import { RelayEvents } from '../../../application/workers/relay-events.ts';
import { EmailAddress } from '../../../domain/identity/email-address.ts';
import { nextId, NOON } from '../../support/builders.ts';
import { rejectionOf } from '../../support/waiting.ts';

/** Nothing here is about how passwords are hashed. */
const passwords: PasswordHasher = {
  hash: password => Promise.resolve(`hash of ${password}`),
  verify: (password, hash) => Promise.resolve(hash === `hash of ${password}`),
  verifyNothing: () => Promise.resolve(false),
  isOutdated: () => false,
};

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

function openShop() {
  let now = NOON.getTime();
  const clock = { now: () => new Date(now) };
  const store = createInMemoryStore({ clock });
  const { unitOfWork, users } = store;
  const ids = { next: nextId };
  const secretTokens = new RandomTokens();
  const keys = parseSigningKeys(generateSigningKeys());
  const accessTokens = new JwtAccessTokens({ keys, issuer: 'pannier', audience: 'pannier', clock });
  const sessionTokens = new SessionTokens({ clock, ids, accessTokens, secretTokens, roles: store.roles });
  const rateLimits = new FlexibleRateLimits({ key: Buffer.alloc(32) });
  const guessing = new Guessing({ rateLimits, countsAddresses: true });
  const strength = { weaknessOf: () => Promise.resolve(undefined) };
  const choosePassword = new ChoosePassword({ strength, passwords });
  const codes = new TotpCodes({ issuer: 'Pannier' });
  const mailer = new KeptMails({ clock });
  const common = { unitOfWork, users, passwords, choosePassword, guessing, codes, secretTokens, sessionTokens };
  const ports = { ...common, rateLimits, clock, ids };
  const messengers = [new SendAccountMails({ mailer, secretTokens, clock, shopUrl: undefined })];
  return {
    register: new Register(ports),
    login: new Login(ports),
    changePassword: new ChangePassword(ports),
    askForMail: new AskForMail(ports),
    resetPassword: new ResetPassword(ports),
    verifyEmail: new VerifyEmail(ports),
    secondFactor: new SetUpSecondFactor(ports),
    relay: new RelayEvents({ unitOfWork, consumers: [], messengers, logger: quiet }),
    mailer,
    pass: (seconds: number) => void (now += seconds * 1000),
    now: () => now,
    entries: () => store.tables.audit.of('all').map(readEntry),
  };
}

const email = EmailAddress('ada@example.com');
const network = '203.0.113.7';
const password = 'a-long-enough-one';

const tokenIn = (text: string): string => /^[\w-]{43}$/m.exec(text)![0];

const tokenIdOf = ({ accessToken }: SignedIn): string =>
  (JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()) as { jti: string }).jti;

describe('The security of accounts', () => {
  it('leaves a trail of what was done, that names nobody', async () => {
    const shop = openShop();
    const login = (facts: object = {}) => shop.login.execute({ email, password, network, ...facts });
    const { id: userId } = await shop.register.execute({ email, password, name: 'Ada' });
    await rejectionOf(login({ email: EmailAddress('nobody@example.com') }));
    for (let n = 0; n < 10; n += 1) await rejectionOf(login({ password: 'wrong' }));
    await rejectionOf(login());
    await shop.relay.tick();
    await shop.verifyEmail.execute({ token: tokenIn(shop.mailer.latest()[0]!.text) });
    await shop.askForMail.toResetPassword({ email });
    await shop.relay.tick();
    const token = tokenIn(shop.mailer.latest()[0]!.text);
    await shop.resetPassword.execute({ token, newPassword: 'another-good-one', network });
    const accessTokenId = tokenIdOf(await login({ password: 'another-good-one' }));
    const change = { currentPassword: 'another-good-one', newPassword: password, accessTokenId };
    await shop.changePassword.execute({ userId, ...change, network });
    const { secret } = await shop.secondFactor.enrol({ userId });
    const totp = new TOTP({ secret });
    const code = () => totp.generate({ timestamp: shop.now() });
    const [onPaper] = await shop.secondFactor.confirm({ userId, otp: code(), accessTokenId });
    await login({ otp: onPaper });
    shop.pass(30);
    await shop.secondFactor.remove({ userId, otp: code(), network });

    const entries = shop.entries();
    const about = { type: 'user', id: userId };
    expect(entries.map(({ action, outcome, subject }) => [action, outcome, subject])).to.deep.equal([
      ['user.registered', 'done', about],
      ['sign-in.failed', 'refused', null],
      ...Array.from({ length: 10 }, () => ['sign-in.failed', 'refused', about]),
      ['sign-in.locked', 'refused', about],
      ['email.verified', 'done', about],
      ['password.reset-asked', 'done', about],
      ['password.reset', 'done', about],
      ['sign-in.done', 'done', about],
      ['password.changed', 'done', about],
      ['second-factor.on', 'done', about],
      ['recovery-code.used', 'done', about],
      ['sign-in.done', 'done', about],
      ['second-factor.off', 'done', about],
    ]);
    const written = JSON.stringify(entries);
    for (const personal of ['ada@', 'Ada', 'nobody@', token, secret, onPaper!, password])
      expect(written).not.to.include(personal);
  });
});
