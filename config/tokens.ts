import type { AbstractNewable } from 'inversify';
import type { KeptMails } from '../adapters/mail/kept-mails.ts';
import type { SandboxBank } from '../adapters/payments/sandbox-bank.ts';
import type { EventConsumer } from '../application/events/event-consumer.ts';
import type { EventMessenger } from '../application/events/event-messenger.ts';
import type { AccessTokens } from '../application/ports/access-tokens.ts';
import type { AnswerFormat } from '../application/ports/answer-format.ts';
import type { Clock } from '../application/ports/clock.ts';
import type { GatewayWebhooks } from '../application/ports/gateway-webhooks.ts';
import type { Ids } from '../application/ports/ids.ts';
import type { Logger } from '../application/ports/logger.ts';
import type { Mailer } from '../application/ports/mailer.ts';
import type { OneTimeCodes } from '../application/ports/one-time-codes.ts';
import type { OutgoingGuard } from '../application/ports/outbound.ts';
import type { PasswordHasher } from '../application/ports/password-hasher.ts';
import type { PasswordStrength } from '../application/ports/password-strength.ts';
import type { Patience } from '../application/ports/patience.ts';
import type { PaymentGateway } from '../application/ports/payment-gateway.ts';
import type { ProductSheets } from '../application/ports/product-sheets.ts';
import type { RateLimits } from '../application/ports/rate-limits.ts';
import type { SearchIndex } from '../application/ports/search-index.ts';
import type { SecretTokens } from '../application/ports/secret-tokens.ts';
import type { Store } from '../application/ports/store.ts';
import type { UnitOfWork } from '../application/ports/unit-of-work.ts';
import type { Worker } from '../application/workers/worker.ts';
import type { Settings } from './settings.ts';

/** Typed as a class, because Inversify lets a wrong binding of a bare symbol pass. */
const port = <Port>(name: string) => Symbol(name) as unknown as AbstractNewable<Port>;

export const SETTINGS = port<Settings>('Settings');
export const CLOCK = port<Clock>('Clock');
export const PATIENCE = port<Patience>('Patience');
export const IDS = port<Ids>('Ids');
export const LOGGER = port<Logger>('Logger');
export const STORE = port<Store>('Store');
/** What use cases write through: the store's, bound to the idempotency key of the request and watched for the audit log. */
export const UNIT_OF_WORK = port<UnitOfWork>('UnitOfWork');
export const PASSWORDS = port<PasswordHasher>('PasswordHasher');
export const PASSWORD_STRENGTH = port<PasswordStrength>('PasswordStrength');
export const ONE_TIME_CODES = port<OneTimeCodes>('OneTimeCodes');
export const MAILER = port<Mailer>('Mailer');
/** Where mails are kept when none are sent. */
export const KEPT_MAILS = port<KeptMails>('KeptMails');
export const ACCESS_TOKENS = port<AccessTokens>('AccessTokens');
/** The store's own where no other is set up. */
export const SEARCH_INDEX = port<SearchIndex>('SearchIndex');
export const SECRET_TOKENS = port<SecretTokens>('SecretTokens');
export const PAYMENT_GATEWAY = port<PaymentGateway>('PaymentGateway');
/** Whoever stands behind the sandbox gateway; tests and demonstrations confirm payments with it. */
export const SANDBOX_BANK = port<SandboxBank>('SandboxBank');
export const ANSWERS = port<AnswerFormat>('AnswerFormat');
export const PRODUCT_SHEETS = port<ProductSheets>('ProductSheets');
export const RATE_LIMITS = port<RateLimits>('RateLimits');
/** Whose notices are taken. */
export const GATEWAY_WEBHOOKS = port<readonly GatewayWebhooks[]>('GatewayWebhooks');
/** Where calls to the outside may go. */
export const OUTGOING_GUARD = port<OutgoingGuard>('OutgoingGuard');
export const EVENT_CONSUMERS = port<readonly EventConsumer[]>('EventConsumers');
export const EVENT_MESSENGERS = port<readonly EventMessenger[]>('EventMessengers');
export const WORKERS = port<readonly Worker[]>('Workers');
