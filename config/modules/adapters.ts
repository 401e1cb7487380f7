import path from 'node:path';
import { ContainerModule, type ContainerModuleLoadOptions } from 'inversify';
import { ShopifySheets } from '../../adapters/csv/shopify-sheets.ts';
import { httpAnswers } from '../../adapters/http/answer-format.ts';
import { FlexibleRateLimits } from '../../adapters/limits/flexible-rate-limits.ts';
import { KeptMails } from '../../adapters/mail/kept-mails.ts';
import type { RedisClient } from '../../adapters/redis/connect.ts';
import type { SmtpMailer } from '../../adapters/mail/smtp-mailer.ts';
import { RemoteSandboxGateway } from '../../adapters/payments/remote-sandbox-gateway.ts';
import { SandboxBank } from '../../adapters/payments/sandbox-bank.ts';
import { SandboxGateway } from '../../adapters/payments/sandbox-gateway.ts';
import { SandboxWebhooks } from '../../adapters/payments/sandbox-webhooks.ts';
import { shopMarks } from '../../adapters/stripe/shop-marks.ts';
import { StripeGateway } from '../../adapters/stripe/stripe-gateway.ts';
import { StripeWebhooks } from '../../adapters/stripe/stripe-webhooks.ts';
import { BcryptPasswords } from '../../adapters/security/bcrypt-passwords.ts';
import { JwtAccessTokens } from '../../adapters/security/jwt-access-tokens.ts';
import { RandomTokens } from '../../adapters/security/random-tokens.ts';
import { TotpCodes } from '../../adapters/security/totp-codes.ts';
import { ZxcvbnStrength } from '../../adapters/security/zxcvbn-strength.ts';
import type { BackgroundTasks } from '../../adapters/system/background-tasks.ts';
import { guardedAgents } from '../../adapters/system/guarded-agents.ts';
import { LimitedPatience } from '../../adapters/system/limited-patience.ts';
import { PublicWebGuard } from '../../adapters/system/public-web-guard.ts';
import { UuidIds } from '../../adapters/system/uuid-ids.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { OutgoingGuard } from '../../application/ports/outbound.ts';
import type { SearchIndex } from '../../application/ports/search-index.ts';
import type { Store } from '../../application/ports/store.ts';
import type { Secrets } from '../open-secrets.ts';
import type { Settings } from '../settings.ts';
import {
  ACCESS_TOKENS,
  ANSWERS,
  CLOCK,
  GATEWAY_WEBHOOKS,
  IDS,
  KEPT_MAILS,
  LOGGER,
  MAILER,
  ONE_TIME_CODES,
  PASSWORD_STRENGTH,
  OUTGOING_GUARD,
  PASSWORDS,
  PATIENCE,
  PAYMENT_GATEWAY,
  PRODUCT_SHEETS,
  RATE_LIMITS,
  SANDBOX_BANK,
  SEARCH_INDEX,
  SECRET_TOKENS,
  SETTINGS,
  STORE,
} from '../tokens.ts';

type Bind = ContainerModuleLoadOptions['bind'];

/** What is alive before the container is built: it is connected first and closed last. */
export interface Live {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly background: BackgroundTasks;
  readonly store: Store;
  readonly redis: RedisClient | undefined;
  /** Undefined: mails are kept. */
  readonly smtp: SmtpMailer | undefined;
  /** Undefined: the store searches. */
  readonly search: SearchIndex | undefined;
}

/** How the shop does it. To swap an adapter, bind its port to yours here. */
export const adapters = ({ settings, secrets, clock, logger, background, store, redis, smtp, search }: Live) =>
  new ContainerModule(({ bind }) => {
    bind(SETTINGS).toConstantValue(settings);
    bind(CLOCK).toConstantValue(clock);
    bind(PATIENCE).toConstantValue(new LimitedPatience(background));
    bind(LOGGER).toConstantValue(logger);
    bind(STORE).toConstantValue(store);
    bind(SEARCH_INDEX).toConstantValue(search ?? store.searchIndex);
    bind(IDS).toResolvedValue(() => new UuidIds());
    bind(SECRET_TOKENS).toResolvedValue(() => new RandomTokens({ secrets: secrets.tokenSecrets }));
    bind(PASSWORDS).toResolvedValue(() => new BcryptPasswords({ peppers: secrets.peppers, cost: settings.bcryptCost }));
    bind(PASSWORD_STRENGTH).toResolvedValue(() => new ZxcvbnStrength());
    bind(ONE_TIME_CODES).toResolvedValue(() => new TotpCodes({ issuer: 'Pannier' }));
    bind(KEPT_MAILS).toResolvedValue(() => new KeptMails({ clock }));
    bind(MAILER).toResolvedValue(kept => smtp ?? kept, [KEPT_MAILS]);
    bind(ACCESS_TOKENS).toResolvedValue(
      () => new JwtAccessTokens({ keys: secrets.signingKeys, issuer: 'pannier', audience: 'pannier', clock }),
    );
    bind(SANDBOX_BANK)
      .toResolvedValue(() => {
        const journal = settings.secretsFolder && path.join(settings.secretsFolder, 'sandbox-payments.jsonl');
        return new SandboxBank(journal === undefined ? {} : { journal });
      })
      .onDeactivation(bank => bank.close());
    bindGateway(bind, { settings, clock, logger });
    bind(RATE_LIMITS).toResolvedValue(() => new FlexibleRateLimits({ key: secrets.limitKey, ...(redis && { redis }) }));
    bind(ANSWERS).toConstantValue(httpAnswers);
    bind(PRODUCT_SHEETS).toResolvedValue(() => new ShopifySheets());
  });

/** Who takes the money, and whose notices are believed. */
function bindGateway(bind: Bind, { settings, clock, logger }: Pick<Live, 'settings' | 'clock' | 'logger'>): void {
  const guard = outgoingGuard(settings);
  bind(OUTGOING_GUARD).toConstantValue(guard);
  const agents = guardedAgents(guard);
  const { gateway, gatewayTimeoutMs: timeoutMs, currency } = settings;
  if (gateway.kind === 'stripe') {
    const { secretKey, apiBase, webhookSecrets: secrets } = gateway;
    const marks = shopMarks(secrets);
    bind(PAYMENT_GATEWAY).toResolvedValue(
      () =>
        new StripeGateway({
          secretKey,
          currency,
          marks,
          timeoutMs,
          clock,
          logger,
          agents,
          ...(apiBase && { apiBase }),
        }),
    );
    bind(GATEWAY_WEBHOOKS).toResolvedValue(() => [new StripeWebhooks({ secrets })]);
    return;
  }
  const { url, webhookSecrets: secrets } = gateway;
  bind(GATEWAY_WEBHOOKS).toResolvedValue(() => [new SandboxWebhooks({ secrets })]);
  if (url) bind(PAYMENT_GATEWAY).toResolvedValue(() => new RemoteSandboxGateway({ url, timeoutMs, logger, agents }));
  else
    bind(PAYMENT_GATEWAY).toResolvedValue(
      bank => new SandboxGateway({ bank, logger, deadlineMs: timeoutMs }),
      [SANDBOX_BANK],
    );
}

/** Hosts that the operator names may be anywhere; all others have to be public. */
function outgoingGuard({ gateway }: Settings): OutgoingGuard {
  const named = gateway.kind === 'stripe' ? gateway.apiBase : gateway.url;
  return new PublicWebGuard({ trusted: named === undefined ? [] : [new URL(named)] });
}
