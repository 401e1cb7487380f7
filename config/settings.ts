import Joi from 'joi';
import { InvalidSigningKeys, parseSigningKeys } from '../adapters/security/signing-keys.ts';
import { LOG_LEVELS, type LogLevel } from '../adapters/observability/winston-logger.ts';
import { Currency, CURRENCIES } from '../domain/shared/currency.ts';
import { DEMO_ACCOUNTS } from './demo-accounts.ts';

/** Where the shop keeps everything. */
export type StoreSettings =
  | { readonly kind: 'memory' }
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** Who takes the money. */
export type GatewaySettings =
  | { readonly kind: 'sandbox'; readonly url: string | undefined; readonly webhookSecrets: readonly string[] }
  | {
      readonly kind: 'stripe';
      readonly secretKey: string;
      readonly webhookSecrets: readonly string[];
      readonly apiBase: string | undefined;
    };

export interface Settings {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  readonly store: StoreSettings;
  readonly databaseSchema: string | undefined;
  readonly databasePoolMax: number;
  readonly preparedStatements: boolean;
  /** Where secrets are kept that were not set; undefined: nowhere, they last as long as the process. */
  readonly secretsFolder: string | undefined;
  readonly redisUrl: string | undefined;
  readonly currency: Currency;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  readonly seedDemo: boolean;
  readonly orderHoldSeconds: number;
  readonly idempotencyLeaseSeconds: number;
  readonly gatewayTimeoutMs: number;
  readonly role: 'api' | 'worker' | 'all';
  readonly recoveryIntervalMs: number;
  readonly gateway: GatewaySettings;
  readonly jwtKeys: string | undefined;
  readonly passwordPeppers: readonly string[] | undefined;
  readonly bcryptCost: number;
  readonly corsOrigins: readonly string[];
  readonly rateLimit: boolean;
  readonly logLevel: LogLevel;
  readonly logErrorStack: boolean;
  readonly logFile: string | undefined;
}

/** Every setting, with what it means and what it is when it is not set; the reference pages are made from this. */
export const SETTINGS = {
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
  DATABASE_SCHEMA: Joi.string()
    .pattern(/^[a-zA-Z_][\w]{0,62}$/, 'a plain name')
    .description('Schema of the tables on a served Postgres; its default schema when unset.'),
  DATABASE_POOL_MAX: Joi.number().integer().min(2).max(100).default(10).description('Connections at the most.'),
  DATABASE_PREPARED_STATEMENTS: Joi.boolean()
    .default(true)
    .description('Whether the server keeps plans; `false` for a pooler that cannot, such as PgBouncer before 1.21.'),
  REDIS_URL: Joi.string()
    .uri({ scheme: ['redis', 'rediss'] })
    .description('Shares rate limits between processes; in-process when unset.'),
  SHOP_CURRENCY: Joi.string()
    .valid(...CURRENCIES)
    .default('USD')
    .description('ISO 4217 code of the prices in imported files.'),
  PAYMENT_GATEWAY: Joi.string().valid('sandbox', 'stripe').default('sandbox').description('Who takes the money.'),
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
  ADMIN_PASSWORD: Joi.string().min(8).max(128).description('Their password.'),
  SEED_DEMO: Joi.boolean().description('Loads the sample pet shop; on outside production.'),
  ORDER_HOLD_SECONDS: Joi.number()
    .integer()
    .min(1)
    .max(86_400)
    .default(900)
    .description('How long an unpaid order holds its stock.'),
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
  BCRYPT_COST: Joi.number()
    .integer()
    .min(4)
    .max(16)
    .default(12)
    .description('Each step doubles the time; at least 10 in production.'),
  CORS_ORIGINS: Joi.string().allow('').default('').description('Origins of browsers that may call, joined by commas.'),
  RATE_LIMIT: Joi.string().valid('on', 'off').default('on').description('`off` for load tests.'),
  LOG_LEVEL: Joi.string()
    .valid(...LOG_LEVELS)
    .default('info')
    .description('How much to log.'),
  LOG_ERROR_STACK: Joi.boolean().default(true).description('Stack traces in the log.'),
  LOG_FILE: Joi.string().description('A file to log to besides standard output.'),
} as const satisfies Record<string, Joi.Schema>;

/** The start stops with this one message, which names everything that is wrong. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`These settings are wrong:\n${problems.map(problem => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- The schema has typed the values; the reader below names them.
type Raw = Record<string, any>;

/** @throws InvalidSettings that lists every problem */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.keys(SETTINGS).flatMap(name => (environment[name] ? [[name, environment[name]]] : [])),
  );
  const { value, error } = Joi.object<Raw>(SETTINGS).validate(given, {
    abortEarly: false,
    errors: { wrap: { label: false } },
  });
  const problems = [...(error?.details.map(withoutValue) ?? []), ...productionProblems(value)];
  if (problems.length > 0) throw new InvalidSettings(problems);
  return settingsOf(value);
}

function databaseUrl(text: string, { message }: Joi.CustomHelpers): string | Joi.ErrorReport {
  if (!text.startsWith('postgres') || URL.canParse(text)) return text;
  return message({ custom: '{{#label}} is no URL: have special characters in the password been percent-encoded?' });
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

/** Joi repeats the value in some messages; a secret must not get into a log that way. */
const withoutValue = ({ message, path, context }: Joi.ValidationErrorItem): string => {
  const name = String(path[0]);
  const pattern = (context as { name?: string } | undefined)?.name;
  return pattern ? `${name} must be ${pattern}` : message;
};

function productionProblems(value: Raw): string[] {
  const problems: string[] = [];
  const refuse = (when: boolean, problem: string) => when && problems.push(problem);
  refuse(
    Boolean(value['ADMIN_EMAIL']) !== Boolean(value['ADMIN_PASSWORD']),
    'ADMIN_EMAIL and ADMIN_PASSWORD go together',
  );
  const stripe = value['PAYMENT_GATEWAY'] === 'stripe';
  refuse(stripe && !value['STRIPE_SECRET_KEY'], 'STRIPE_SECRET_KEY is required with PAYMENT_GATEWAY=stripe');
  refuse(stripe && !value['STRIPE_WEBHOOK_SECRET'], 'STRIPE_WEBHOOK_SECRET is required with PAYMENT_GATEWAY=stripe');
  if (value['NODE_ENV'] !== 'production') return problems;
  refuse(!value['JWT_KEYS'], 'JWT_KEYS is required in production');
  refuse(!value['PASSWORD_PEPPERS'], 'PASSWORD_PEPPERS is required in production');
  refuse(value['SEED_DEMO'] === true, 'SEED_DEMO is refused in production');
  refuse(value['BCRYPT_COST'] < 10, 'BCRYPT_COST must be at least 10 in production');
  const demo = Object.values(DEMO_ACCOUNTS);
  refuse(
    demo.some(({ password }) => password === value['ADMIN_PASSWORD']),
    'ADMIN_PASSWORD is a demo password, which is refused in production',
  );
  return problems;
}

function settingsOf(value: Raw): Settings {
  const production = value['NODE_ENV'] === 'production';
  const store = storeOf(value['DATABASE_URL'] as string);
  const admin = value['ADMIN_EMAIL']
    ? { email: value['ADMIN_EMAIL'] as string, password: value['ADMIN_PASSWORD'] as string }
    : undefined;
  return {
    production,
    port: value['PORT'],
    host: value['HOST'],
    store,
    databaseSchema: value['DATABASE_SCHEMA'],
    databasePoolMax: value['DATABASE_POOL_MAX'],
    preparedStatements: value['DATABASE_PREPARED_STATEMENTS'],
    secretsFolder: store.kind === 'memory' ? undefined : store.kind === 'embedded' ? store.folder : './data',
    redisUrl: value['REDIS_URL'],
    currency: Currency(value['SHOP_CURRENCY']),
    admin: admin ?? (production ? undefined : DEMO_ACCOUNTS.admin),
    seedDemo: value['SEED_DEMO'] ?? !production,
    orderHoldSeconds: value['ORDER_HOLD_SECONDS'],
    idempotencyLeaseSeconds: value['IDEMPOTENCY_LEASE_SECONDS'],
    gatewayTimeoutMs: value['GATEWAY_TIMEOUT_MS'],
    role: value['ROLE'],
    recoveryIntervalMs: value['RECOVERY_INTERVAL_MS'],
    gateway: gatewayOf(value),
    jwtKeys: value['JWT_KEYS'],
    passwordPeppers: value['PASSWORD_PEPPERS']?.split(','),
    bcryptCost: value['BCRYPT_COST'],
    corsOrigins: (value['CORS_ORIGINS'] as string).split(',').filter(Boolean),
    rateLimit: value['RATE_LIMIT'] === 'on',
    logLevel: value['LOG_LEVEL'],
    logErrorStack: value['LOG_ERROR_STACK'],
    logFile: value['LOG_FILE'],
  };
}

function gatewayOf(value: Raw): GatewaySettings {
  if (value['PAYMENT_GATEWAY'] === 'sandbox')
    return { kind: 'sandbox', url: value['SANDBOX_URL'], webhookSecrets: listOf(value['SANDBOX_WEBHOOK_SECRET']) };
  return {
    kind: 'stripe',
    secretKey: value['STRIPE_SECRET_KEY'],
    webhookSecrets: listOf(value['STRIPE_WEBHOOK_SECRET']),
    apiBase: value['STRIPE_API_BASE'],
  };
}

const listOf = (text: string | undefined): readonly string[] => text?.split(',').filter(Boolean) ?? [];

function storeOf(url: string): StoreSettings {
  if (url === 'memory:') return { kind: 'memory' };
  if (url.startsWith('embedded:')) return { kind: 'embedded', folder: url.slice('embedded:'.length) };
  return { kind: 'postgres', url };
}
