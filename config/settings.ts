import Joi from 'joi';
import type { LogLevel } from '../adapters/observability/winston-logger.ts';
import type { SearchLanguage } from '../application/ports/search-index.ts';
import { Currency } from '../domain/shared/currency.ts';
import { DEMO_ACCOUNTS } from './demo-accounts.ts';
import { problemsInProduction } from './production-rules.ts';
import { SETTING_RULES } from './setting-rules.ts';

/** Where the shop keeps everything. */
export type StoreSettings =
  | { readonly kind: 'memory' }
  | { readonly kind: 'embedded'; readonly folder: string }
  | {
      readonly kind: 'postgres';
      readonly url: string;
      /** Of the role that owns the tables; undefined: the same one does everything. */
      readonly migrationUrl: string | undefined;
    };

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
  /** Without a URL the store searches. */
  readonly search: {
    readonly url: string | undefined;
    readonly language: SearchLanguage;
    readonly timeoutMs: number;
  };
  readonly mail: { readonly smtpUrl: string | undefined; readonly from: string; readonly shopUrl: string | undefined };
  readonly currency: Currency;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  readonly seedDemo: boolean;
  readonly orderHoldSeconds: number;
  readonly maxOpenOrders: number;
  readonly idempotencyLeaseSeconds: number;
  readonly gatewayTimeoutMs: number;
  readonly role: 'api' | 'worker' | 'all';
  readonly recoveryIntervalMs: number;
  readonly gateway: GatewaySettings;
  readonly jwtKeys: string | undefined;
  readonly passwordPeppers: readonly string[] | undefined;
  readonly personalDataKeys: readonly string[] | undefined;
  readonly bcryptCost: number;
  readonly corsOrigins: readonly string[];
  readonly rateLimit: boolean;
  readonly trustedProxies: number;
  readonly staffNeedsSecondFactor: boolean;
  /** Whether `/docs` and `/openapi.json` are there. */
  readonly apiDocs: boolean;
  readonly metrics: boolean;
  /** What `/metrics` is read with; undefined: nothing. */
  readonly metricsToken: string | undefined;
  readonly accessLogShare: number;
  readonly logLevel: LogLevel;
  readonly logErrorStack: boolean;
  readonly logFile: string | undefined;
}

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
    Object.keys(SETTING_RULES).flatMap(name => (environment[name] ? [[name, environment[name]]] : [])),
  );
  const { value, error } = Joi.object<Raw>(SETTING_RULES).validate(given, {
    abortEarly: false,
    errors: { wrap: { label: false } },
  });
  const problems = [...(error?.details.map(withoutValue) ?? []), ...contradictions(value)];
  if (problems.length > 0) throw new InvalidSettings(problems);
  return settingsOf(value);
}

/** Joi repeats the value in some messages; a secret must not get into a log that way. */
const withoutValue = ({ message, path, context }: Joi.ValidationErrorItem): string => {
  const name = String(path[0]);
  const pattern = (context as { name?: string } | undefined)?.name;
  return pattern ? `${name} must be ${pattern}` : message;
};

/** What each setting says is right by itself, and wrong beside the others. */
function contradictions(value: Raw): string[] {
  const problems: string[] = [];
  const refuse = (when: boolean, problem: string) => when && problems.push(problem);
  refuse(
    Boolean(value['ADMIN_EMAIL']) !== Boolean(value['ADMIN_PASSWORD']),
    'ADMIN_EMAIL and ADMIN_PASSWORD go together',
  );
  const [own, owner] = [userOf(value['DATABASE_URL']), userOf(value['DATABASE_MIGRATION_URL'])];
  refuse(owner !== undefined && !own, 'DATABASE_MIGRATION_URL goes with a DATABASE_URL of postgres://user:…');
  refuse(Boolean(owner) && owner === own, 'DATABASE_MIGRATION_URL must name another user than DATABASE_URL');
  refuse(
    Boolean(owner && own) && databaseOf(value['DATABASE_URL']) !== databaseOf(value['DATABASE_MIGRATION_URL']),
    'DATABASE_MIGRATION_URL must name the same database as DATABASE_URL',
  );
  const stripe = value['PAYMENT_GATEWAY'] === 'stripe';
  refuse(stripe && !value['STRIPE_SECRET_KEY'], 'STRIPE_SECRET_KEY is required with PAYMENT_GATEWAY=stripe');
  refuse(stripe && !value['STRIPE_WEBHOOK_SECRET'], 'STRIPE_WEBHOOK_SECRET is required with PAYMENT_GATEWAY=stripe');
  if (value['NODE_ENV'] === 'production') problems.push(...problemsInProduction(value));
  return problems;
}

function settingsOf(value: Raw): Settings {
  const production = value['NODE_ENV'] === 'production';
  const store = storeOf(value['DATABASE_URL'] as string, value['DATABASE_MIGRATION_URL'] as string | undefined);
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
    search: {
      url: value['SEARCH_URL'],
      language: value['SEARCH_LANGUAGE'],
      timeoutMs: value['SEARCH_TIMEOUT_MS'],
    },
    mail: { smtpUrl: value['SMTP_URL'], from: value['MAIL_FROM'], shopUrl: value['SHOP_URL'] },
    currency: Currency(value['SHOP_CURRENCY']),
    admin: admin ?? (production ? undefined : DEMO_ACCOUNTS.admin),
    seedDemo: value['SEED_DEMO'] ?? !production,
    orderHoldSeconds: value['ORDER_HOLD_SECONDS'],
    maxOpenOrders: value['MAX_OPEN_ORDERS'],
    idempotencyLeaseSeconds: value['IDEMPOTENCY_LEASE_SECONDS'],
    gatewayTimeoutMs: value['GATEWAY_TIMEOUT_MS'],
    role: value['ROLE'],
    recoveryIntervalMs: value['RECOVERY_INTERVAL_MS'],
    gateway: gatewayOf(value),
    jwtKeys: value['JWT_KEYS'],
    passwordPeppers: value['PASSWORD_PEPPERS']?.split(','),
    personalDataKeys: value['PII_KEYS']?.split(','),
    bcryptCost: value['BCRYPT_COST'],
    corsOrigins: (value['CORS_ORIGINS'] as string).split(',').filter(Boolean),
    rateLimit: value['RATE_LIMIT'] === 'on',
    trustedProxies: value['TRUSTED_PROXIES'],
    staffNeedsSecondFactor: value['MFA_REQUIRED_FOR_STAFF'],
    apiDocs: value['API_DOCS'] === 'on',
    metrics: value['METRICS'] === 'on',
    metricsToken: value['METRICS_TOKEN'],
    accessLogShare: value['ACCESS_LOG_SHARE'],
    logLevel: value['LOG_LEVEL'],
    logErrorStack: value['LOG_ERROR_STACK'],
    logFile: value['LOG_FILE'],
  };
}

/** Empty where the URL names none; undefined where it is no URL of a server. */
function userOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || !text.startsWith('postgres') || !URL.canParse(text)) return undefined;
  const { username, searchParams } = new URL(text);
  return decodeURIComponent(username) || (searchParams.get('user') ?? '');
}

/** Where a URL names none, Postgres takes the one that is called like the user. */
const databaseOf = (text: unknown): string =>
  decodeURIComponent(new URL(String(text)).pathname.slice(1)) || (userOf(text) ?? '');

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

function storeOf(url: string, migrationUrl: string | undefined): StoreSettings {
  if (url === 'memory:') return { kind: 'memory' };
  if (url.startsWith('embedded:')) return { kind: 'embedded', folder: url.slice('embedded:'.length) };
  return { kind: 'postgres', url, migrationUrl };
}
