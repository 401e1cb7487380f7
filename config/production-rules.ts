import { DEMO_ACCOUNTS } from './demo-accounts.ts';
import type { Settings } from './settings.ts';

type Given = Readonly<Record<string, unknown>>;

const SHORTEST_ADMIN_PASSWORD = 12;
const FEWEST_CHARACTERS = 11;

/** What stands in examples for a secret of one's own. */
const PLACEHOLDER =
  /change.?(?:me|this)|example|placeholder|only-for-a-try|your.?(?:secret|password)|insecure|\bdemo\b/i;

const REQUIRED = ['JWT_KEYS', 'PASSWORD_PEPPERS', 'PII_KEYS'];
const SECRETS = [
  'PASSWORD_PEPPERS',
  'PII_KEYS',
  'SANDBOX_WEBHOOK_SECRET',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'METRICS_TOKEN',
];

/**
 * What would do on a machine of one's own, and not where there are customers: nothing that everybody knows or that
 * anybody can guess.
 *
 * @param given the settings, with their defaults
 */
export function problemsInProduction(given: Given): string[] {
  const problems: string[] = [];
  const refuse = (when: boolean, problem: string) => when && problems.push(problem);
  for (const name of REQUIRED) refuse(!given[name], `${name} is required in production`);
  refuse(given['SEED_DEMO'] === true, 'SEED_DEMO is refused in production');
  refuse(Number(given['BCRYPT_COST']) < 10, 'BCRYPT_COST must be at least 10 in production');
  refuse(given['LOG_LEVEL'] === 'debug', 'LOG_LEVEL=debug is refused in production');
  const { admin, customer } = DEMO_ACCOUNTS;
  const [email, password] = [textOf(given, 'ADMIN_EMAIL'), textOf(given, 'ADMIN_PASSWORD')];
  refuse(
    [admin.email, customer.email].some(demo => demo === email?.trim().toLowerCase()),
    'ADMIN_EMAIL is a demo account, which is refused in production',
  );
  if ([admin.password, customer.password].some(demo => demo === password))
    problems.push('ADMIN_PASSWORD is a demo password, which is refused in production');
  else
    refuse(
      password !== undefined && password.length < SHORTEST_ADMIN_PASSWORD,
      `ADMIN_PASSWORD must have at least ${SHORTEST_ADMIN_PASSWORD} characters in production`,
    );
  for (const name of SECRETS)
    refuse(
      (textOf(given, name) ?? '').split(',').some(secret => secret !== '' && canBeGuessed(secret)),
      `${name} can be guessed, which is refused in production: make one with "openssl rand -hex 32"`,
    );
  return problems;
}

const textOf = (given: Given, name: string): string | undefined => {
  const value = given[name];
  return typeof value === 'string' ? value : undefined;
};

const canBeGuessed = (secret: string): boolean => PLACEHOLDER.test(secret) || new Set(secret).size < FEWEST_CHARACTERS;

/** What is allowed there, because it may be meant, but nobody should find out by accident. */
export function cautionsInProduction(settings: Settings): string[] {
  const { rateLimit, gateway, mail, store, redisUrl, search, metrics, metricsToken } = settings;
  const cautions: string[] = [];
  const warn = (when: boolean, caution: string) => when && cautions.push(caution);
  warn(gateway.kind === 'sandbox', 'PAYMENT_GATEWAY is sandbox: this shop takes no money');
  warn(!rateLimit, 'RATE_LIMIT is off: nobody who asks too often is stopped');
  warn(metrics && metricsToken === undefined, 'METRICS_TOKEN is not set: anybody who reaches /metrics can read it');
  warn(mail.smtpUrl === undefined, 'SMTP_URL is not set: no mail is sent');
  warn(store.kind === 'postgres' && hasKnownPassword(store.url), 'DATABASE_URL has a password that everybody knows');
  warn(hasKnownPassword(redisUrl), 'REDIS_URL has a password that everybody knows');
  warn(hasKnownPassword(search.url), 'SEARCH_URL has a password that everybody knows');
  return cautions;
}

function hasKnownPassword(address: string | undefined): boolean {
  if (address === undefined || !URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return (
    password !== '' && [username, 'postgres', 'password', 'redis', 'shop', 'elastic', 'changeme'].includes(password)
  );
}
