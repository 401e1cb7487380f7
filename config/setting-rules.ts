import Joi from 'joi';
import { LOG_LEVELS } from '../adapters/observability/winston-logger.ts';
import { InvalidSigningKeys, parseSigningKeys } from '../adapters/security/signing-keys.ts';
import { CURRENCIES } from '../domain/shared/currency.ts';

/** Every setting, with what it means and what it is when it is not set; the reference pages are made from this. */
export const SETTING_RULES = {
  NODE_ENV: Joi.string()
    .valid('development', 'test', 'production')
    .default('development')
    .description('`production` demands real secrets and refuses demo data.'),
  PORT: Joi.number().port().allow(0).default(3000).description('0 takes any free port.'),
  HOST: Joi.string().hostname().default('127.0.0.1').description('Address to listen on; `0.0.0.0` in a container.'),
  DATABASE_URL: Joi.string()
    .pattern(/^(?:memory:|embedded:.+|postgres(?:ql)?:\/\/.+)$/, '"memory:", "embedded:<folder>" or "postgres://…"')
    .custom(databaseUrl)
    .default('embedded:./data')
    .description(
      '`memory:` keeps nothing · `embedded:<folder>` is a real Postgres that the shop starts itself · `postgres://…` a server.',
    ),
  DATABASE_MIGRATION_URL: Joi.string()
    .pattern(/^postgres(?:ql)?:\/\/.+$/, '"postgres://…"')
    .custom(databaseUrl)
    .description(
      'The same database as a role that owns its tables: migrations run with it, and the role of `DATABASE_URL` is made when missing and may do only what the shop needs.',
    ),
  DATABASE_SCHEMA: Joi.string()
    .pattern(/^[a-zA-Z_][\w]{0,62}$/, 'a plain name')
    .description('Schema of the tables on a served Postgres; its default schema when unset.'),
  DATABASE_POOL_MAX: Joi.number().integer().min(2).max(100).default(10).description('Connections at the most.'),
  DATABASE_PREPARED_STATEMENTS: Joi.boolean()
    .default(true)
    .description('Whether the server keeps plans; `false` for a pooler that cannot, such as PgBouncer before 1.21.'),
  REDIS_URL: Joi.string()
    .uri({ scheme: ['redis', 'rediss'] })
    .description('Shares rate limits and revoked tokens between processes; in-process when unset.'),
  SEARCH_URL: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .description(
      'An Elasticsearch 8, such as `https://user:password@host:9200`; the shop searches in its own store when unset.',
    ),
  SEARCH_LANGUAGE: Joi.string()
    .valid('english', 'simple')
    .default('english')
    .description(
      '`english` knows that leashes are more than one leash; `simple` knows no grammar, for other languages.',
    ),
  SEARCH_TIMEOUT_MS: Joi.number()
    .integer()
    .min(50)
    .max(10_000)
    .default(1000)
    .description('How long a search waits for `SEARCH_URL` before the store searches instead.'),
  SMTP_URL: Joi.string()
    .uri({ scheme: ['smtp', 'smtps'] })
    .description(
      'The server that mails go to, such as `smtps://user:password@host`; kept and shown, not sent, when unset.',
    ),
  MAIL_FROM: Joi.string()
    .pattern(/^[^\p{Cc}]{3,254}$/u, 'an address, such as "Shop <shop@example.com>"')
    .default('Pannier <no-reply@pannier.example>')
    .description('Who mails are from.'),
  SHOP_URL: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .description('The pages of your shop, which links in mails lead to; mails hold the bare token when unset.'),
  SHOP_CURRENCY: Joi.string()
    .valid(...CURRENCIES)
    .default('USD')
    .description('ISO 4217 code of the prices in imported files.'),
  PAYMENT_GATEWAY: Joi.string()
    .valid('sandbox', 'stripe')
    .default('sandbox')
    .description('Who takes the money; a warning in production, unless it is `stripe`.'),
  SANDBOX_URL: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .description('A sandbox bank that runs by itself; in this process when unset.'),
  SANDBOX_WEBHOOK_SECRET: Joi.string()
    .min(16)
    .max(1000)
    .description('Signs the notices of the sandbox bank; several joined by commas.'),
  STRIPE_SECRET_KEY: Joi.string().description('Required with PAYMENT_GATEWAY=stripe.'),
  STRIPE_WEBHOOK_SECRET: Joi.string().description(
    'Verifies notices from Stripe; several joined by commas while one is replaced.',
  ),
  STRIPE_API_BASE: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .description('A private host that speaks for Stripe.'),
  ROLE: Joi.string()
    .valid('api', 'worker', 'all')
    .default('all')
    .description('Answers requests, works in the background, or both.'),
  RECOVERY_INTERVAL_MS: Joi.number()
    .integer()
    .min(50)
    .max(600_000)
    .default(5000)
    .description('How often unfinished orders are looked for.'),
  ADMIN_EMAIL: Joi.string().email({ tlds: false }).description('The first administrator, made on start when missing.'),
  ADMIN_PASSWORD: Joi.string()
    .min(8)
    .max(128)
    .description('Their password; at least 12 characters, and none of the demo, in production.'),
  SEED_DEMO: Joi.boolean().description('Loads the sample pet shop; on outside production.'),
  ORDER_HOLD_SECONDS: Joi.number()
    .integer()
    .min(1)
    .max(86_400)
    .default(900)
    .description('How long an unpaid order holds its stock.'),
  MAX_OPEN_ORDERS: Joi.number()
    .integer()
    .min(1)
    .max(1_000_000)
    .default(5)
    .description('How many unpaid orders of one customer may hold stock at a time.'),
  IDEMPOTENCY_LEASE_SECONDS: Joi.number()
    .integer()
    .min(1)
    .max(3600)
    .default(30)
    .description('When a repeated request may take over.'),
  GATEWAY_TIMEOUT_MS: Joi.number()
    .integer()
    .min(100)
    .max(60_000)
    .default(8000)
    .description('Deadline of one call to the payment gateway.'),
  JWT_KEYS: Joi.string()
    .custom(signingKeys)
    .description(
      'JWK set of private P-256 keys that sign access tokens, the first one signs; made and kept in the data folder outside production.',
    ),
  PASSWORD_PEPPERS: Joi.string()
    .pattern(/^[^\s,]{32,}(?:,[^\s,]{32,})*$/, 'secrets of at least 32 characters, joined by commas')
    .description(
      'Mixed into password hashes, the first one for new ones; made and kept in the data folder outside production.',
    ),
  PII_KEYS: Joi.string()
    .pattern(/^[\w-]{43,}(?:,[\w-]{43,})*$/, 'secrets of at least 43 characters of base64url, joined by commas')
    .description(
      'Seal personal data, the first one what is new; made and kept in the data folder outside production. Without them that data is lost.',
    ),
  BCRYPT_COST: Joi.number()
    .integer()
    .min(4)
    .max(16)
    .default(12)
    .description('Each step doubles the time; at least 10 in production.'),
  CORS_ORIGINS: Joi.string()
    .allow('')
    .custom(origins)
    .default('')
    .description('Origins of browsers that may call, such as `https://shop.example`, joined by commas.'),
  RATE_LIMIT: Joi.string()
    .valid('on', 'off')
    .default('on')
    .description('`off` for load tests; wrong passwords for an account are counted all the same.'),
  TRUSTED_PROXIES: Joi.number()
    .integer()
    .min(0)
    .max(10)
    .default(0)
    .description('How many proxies of yours each request passes; so much of `X-Forwarded-For` is believed.'),
  MFA_REQUIRED_FOR_STAFF: Joi.boolean()
    .default(false)
    .description('Whether routes that need a permission need a second factor, too.'),
  API_DOCS: Joi.string().valid('on', 'off').default('on').description('Whether `/docs` and `/openapi.json` are there.'),
  METRICS: Joi.string().valid('on', 'off').default('on').description('Whether `/metrics` is there.'),
  METRICS_TOKEN: Joi.string()
    .pattern(/^[\w.~+/=-]{16,1000}$/, 'at least 16 characters of a bearer token')
    .description('What `/metrics` is read with, as `Authorization: Bearer …`; anybody may read it when unset.'),
  LOG_LEVEL: Joi.string()
    .valid(...LOG_LEVELS)
    .default('info')
    .description('How much to log; `debug` is refused in production. SIGUSR2 changes it while the shop runs.'),
  ACCESS_LOG_SHARE: Joi.number()
    .min(0)
    .max(1)
    .default(1)
    .description('The share of requests served well that get a log line, from 0 to 1; all others always do.'),
  LOG_ERROR_STACK: Joi.boolean().default(true).description('Stack traces in the log.'),
  LOG_FILE: Joi.string().description('A file to log to besides standard output.'),
} as const satisfies Record<string, Joi.Schema>;

function databaseUrl(text: string, { message }: Joi.CustomHelpers): string | Joi.ErrorReport {
  if (!text.startsWith('postgres') || URL.canParse(text)) return text;
  return message({ custom: '{{#label}} is no URL: have special characters in the password been percent-encoded?' });
}

/** They are compared as they stand: what a browser never sends would let nobody in, and a star would mislead. */
function origins(text: string, { message }: Joi.CustomHelpers): string | Joi.ErrorReport {
  const wrong = text.split(',').find(origin => origin && !(URL.canParse(origin) && new URL(origin).origin === origin));
  if (wrong === undefined) return text;
  return message({ custom: '{{#label}} must be origins such as "https://shop.example", without paths or stars' });
}

/** Joi's message for it must not hold the value, which is secret; the parser's does not. */
function signingKeys(text: string, { message }: Joi.CustomHelpers): string | Joi.ErrorReport {
  try {
    parseSigningKeys(text);
    return text;
  } catch (error) {
    if (!(error instanceof InvalidSigningKeys)) throw error;
    return message({ custom: '{{#label}} cannot be used: {{#problems}}' }, { problems: error.problems.join('; ') });
  }
}
