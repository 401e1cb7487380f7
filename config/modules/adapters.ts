import path from 'node:path';
import { ContainerModule } from 'inversify';
import { ShopifySheets } from '../../adapters/csv/shopify-sheets.ts';
import { httpAnswers } from '../../adapters/http/answer-format.ts';
import { FlexibleRateLimits } from '../../adapters/limits/flexible-rate-limits.ts';
import type { RedisClient } from '../../adapters/redis/connect.ts';
import { SandboxBank } from '../../adapters/payments/sandbox-bank.ts';
import { SandboxGateway } from '../../adapters/payments/sandbox-gateway.ts';
import { BcryptPasswords } from '../../adapters/security/bcrypt-passwords.ts';
import { JwtAccessTokens } from '../../adapters/security/jwt-access-tokens.ts';
import { RandomTokens } from '../../adapters/security/random-tokens.ts';
import { UuidIds } from '../../adapters/system/uuid-ids.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Store } from '../../application/ports/store.ts';
import type { Secrets } from '../open-secrets.ts';
import type { Settings } from '../settings.ts';
import {
  ACCESS_TOKENS,
  ANSWERS,
  CLOCK,
  IDS,
  LOGGER,
  PASSWORDS,
  PAYMENT_GATEWAY,
  PRODUCT_SHEETS,
  RATE_LIMITS,
  SANDBOX_BANK,
  SECRET_TOKENS,
  SETTINGS,
  STORE,
} from '../tokens.ts';

/** What is alive before the container is built: it is connected first and closed last. */
export interface Live {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly redis: RedisClient | undefined;
}

/** How the shop does it. To swap an adapter, bind its port to yours here. */
export const adapters = ({ settings, secrets, clock, logger, store, redis }: Live) =>
  new ContainerModule(({ bind }) => {
    bind(SETTINGS).toConstantValue(settings);
    bind(CLOCK).toConstantValue(clock);
    bind(LOGGER).toConstantValue(logger);
    bind(STORE).toConstantValue(store);
    bind(IDS).toResolvedValue(() => new UuidIds());
    bind(SECRET_TOKENS).toResolvedValue(() => new RandomTokens());
    bind(PASSWORDS).toResolvedValue(() => new BcryptPasswords({ peppers: secrets.peppers, cost: settings.bcryptCost }));
    bind(ACCESS_TOKENS).toResolvedValue(
      () => new JwtAccessTokens({ keys: secrets.signingKeys, issuer: 'pannier', audience: 'pannier', clock }),
    );
    bind(SANDBOX_BANK)
      .toResolvedValue(() => {
        const journal = settings.secretsFolder && path.join(settings.secretsFolder, 'sandbox-payments.jsonl');
        return new SandboxBank(journal === undefined ? {} : { journal });
      })
      .onDeactivation(bank => bank.close());
    bind(PAYMENT_GATEWAY).toResolvedValue(
      bank => new SandboxGateway({ bank, logger, deadlineMs: settings.gatewayTimeoutMs }),
      [SANDBOX_BANK],
    );
    bind(RATE_LIMITS).toResolvedValue(() => new FlexibleRateLimits(redis ? { redis } : {}));
    bind(ANSWERS).toConstantValue(httpAnswers);
    bind(PRODUCT_SHEETS).toResolvedValue(() => new ShopifySheets());
  });
