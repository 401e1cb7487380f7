import { expect } from 'chai';
import { generateSigningKeys } from '../../adapters/security/signing-keys.ts';
import { DEMO_ACCOUNTS } from '../../config/demo-accounts.ts';
import { cautionsInProduction } from '../../config/production-rules.ts';
import { SETTING_RULES } from '../../config/setting-rules.ts';
import { InvalidSettings, parseSettings } from '../../config/settings.ts';

type Environment = Readonly<Record<string, string>>;

const PEPPER = 'a-pepper-of-at-least-thirty-two-characters';

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://shop:secret@db.example/shop',
  JWT_KEYS: generateSigningKeys(),
  PASSWORD_PEPPERS: PEPPER,
  PII_KEYS: 'kV3w8Zr1QmYp5TnXc7LsBd9HgJf2AeRu4oKi6WtyNqE',
  PAYMENT_GATEWAY: 'sandbox',
};

function refused(environment: Environment): InvalidSettings {
  try {
    parseSettings(environment);
  } catch (error) {
    if (error instanceof InvalidSettings) return error;
    throw error;
  }
  throw new Error('These settings were expected to be refused.');
}

const problemsOf = (environment: Environment): readonly string[] => refused(environment).problems;

describe('the settings', () => {
  it('need nobody to set anything on a machine of one’s own', () => {
    const settings = parseSettings({});
    expect(settings).to.include({ production: false, port: 3000, host: '127.0.0.1', seedDemo: true, rateLimit: true });
    expect(settings.store).to.deep.equal({ kind: 'embedded', folder: './data' });
    expect(settings.admin).to.equal(DEMO_ACCOUNTS.admin);
    expect(settings.redisUrl).to.equal(undefined);
  });

  it('name three kinds of store', () => {
    const storeOf = (DATABASE_URL: string) => parseSettings({ DATABASE_URL }).store;
    expect(storeOf('memory:')).to.deep.equal({ kind: 'memory' });
    expect(storeOf('embedded:/srv/pet shop')).to.deep.equal({ kind: 'embedded', folder: '/srv/pet shop' });
    const url = 'postgres://shop@db.example/shop';
    expect(storeOf(url)).to.deep.equal({ kind: 'postgres', url, migrationUrl: undefined });
  });

  it('name two roles of one database, or one', () => {
    const [DATABASE_URL, DATABASE_MIGRATION_URL] = [
      'postgres://shop@db.example/shop',
      'postgres://owner@db.example/shop',
    ];
    const both = { DATABASE_URL, DATABASE_MIGRATION_URL };
    expect(parseSettings(both).store).to.deep.equal({
      kind: 'postgres',
      url: DATABASE_URL,
      migrationUrl: DATABASE_MIGRATION_URL,
    });
    expect(() => parseSettings({ ...both, DATABASE_URL: 'memory:' })).to.throw('goes with a DATABASE_URL');
    expect(() => parseSettings({ ...both, DATABASE_MIGRATION_URL: DATABASE_URL })).to.throw('another user');
    for (const other of ['postgres://owner@db.example/another', 'postgres://owner@db.example'])
      expect(() => parseSettings({ ...both, DATABASE_MIGRATION_URL: other })).to.throw('the same database');
    const direct = 'postgresql://owner@elsewhere.example:6432/shop?sslmode=require';
    expect(parseSettings({ ...both, DATABASE_MIGRATION_URL: direct }).store).to.include({ migrationUrl: direct });
  });

  it('are not set when they are empty, as compose files and shells leave them', () => {
    expect(parseSettings({ PORT: '', DATABASE_URL: '', REDIS_URL: '', JWT_KEYS: '' })).to.deep.equal(parseSettings({}));
  });

  it('ignore what else stands in the environment', () => {
    expect(parseSettings({ PATH: '/bin', PGPASSWORD: 'x', npm_config_loglevel: 'info' })).to.deep.equal(
      parseSettings({}),
    );
  });

  it('keep nothing beside the data when nothing is kept', () => {
    expect(parseSettings({ DATABASE_URL: 'memory:' }).secretsFolder).to.equal(undefined);
    expect(parseSettings({ DATABASE_URL: 'embedded:/srv/shop' }).secretsFolder).to.equal('/srv/shop');
  });

  it('are all described, for the pages and files that are made from them', () => {
    for (const [name, schema] of Object.entries(SETTING_RULES))
      expect(schema.describe(), name).to.have.nested.property('flags.description').that.matches(/\.$/);
  });
});

describe('wrong settings', () => {
  const WRONG: Environment = {
    NODE_ENV: 'staging',
    PORT: '70000',
    HOST: 'not a host',
    DATABASE_URL: 'mysql://shop:hunter2@db/shop',
    DATABASE_SCHEMA: 'drop table; --',
    DATABASE_POOL_MAX: '1',
    REDIS_URL: 'localhost:6379',
    SEARCH_URL: 'localhost:9200',
    SEARCH_LANGUAGE: 'klingon',
    SEARCH_TIMEOUT_MS: '1',
    SHOP_CURRENCY: 'DOGE',
    PAYMENT_GATEWAY: 'cash',
    ADMIN_EMAIL: 'nobody',
    ADMIN_PASSWORD: 'short',
    SEED_DEMO: 'maybe',
    ORDER_HOLD_SECONDS: '0',
    IDEMPOTENCY_LEASE_SECONDS: '1.5',
    GATEWAY_TIMEOUT_MS: '1e9',
    JWT_KEYS: '{"keys":[]}',
    PASSWORD_PEPPERS: 'too-short',
    PII_KEYS: 'too-short',
    BCRYPT_COST: '99',
    RATE_LIMIT: 'sometimes',
    API_DOCS: 'perhaps',
    CORS_ORIGINS: 'https://shop.example,*',
    LOG_LEVEL: 'loud',
    LOG_ERROR_STACK: 'perhaps',
  };

  it('are all named at once, in one message, each on a line of its own', () => {
    const { message, problems } = refused(WRONG);
    for (const name of Object.keys(WRONG))
      expect(
        problems.filter(problem => problem.startsWith(`${name} `)),
        name,
      ).to.have.length(1);
    expect(problems).to.have.length(Object.keys(WRONG).length);
    expect(message.split('\n')).to.have.length(problems.length + 1);
  });

  for (const [name, value] of Object.entries(WRONG))
    it(`stop the start: ${name}=${value}`, () => {
      const companion: Environment = name.startsWith('ADMIN_')
        ? { ADMIN_EMAIL: 'keeper@shop.example', ADMIN_PASSWORD: PEPPER }
        : {};
      expect(problemsOf({ ...companion, [name]: value })).to.satisfy(
        (problems: string[]) => problems.length === 1 && problems[0]!.startsWith(`${name} `),
      );
    });

  it('are not repeated in the message where they may be secrets', () => {
    const { message } = refused({
      ...WRONG,
      ADMIN_PASSWORD: 'hush',
      JWT_KEYS: 'not-json-private-key',
      PASSWORD_PEPPERS: 'a,b,my-pepper',
      PII_KEYS: 'my-master-key',
    });
    for (const secret of ['hunter2', 'hush', 'not-json-private-key', 'my-pepper', 'my-master-key'])
      expect(message).not.to.include(secret);
  });

  it('say what would be right', () => {
    expect(problemsOf({ DATABASE_URL: 'sqlite:shop.db' })).to.deep.equal([
      'DATABASE_URL must be "memory:", "embedded:<folder>" or "postgres://…"',
    ]);
    expect(problemsOf({ LOG_LEVEL: 'loud' })[0]).to.include('silent, error, warn, info, debug');
  });

  it('include the address of a database with a password that breaks it, without repeating it', () => {
    const [problem] = problemsOf({ DATABASE_URL: 'postgres://shop:hunter2/#@db.example/shop' });
    expect(problem)
      .to.match(/^DATABASE_URL is no URL.*percent-encoded/)
      .and.not.include('hunter2');
  });

  it('include half an administrator', () => {
    const problem = 'ADMIN_EMAIL and ADMIN_PASSWORD go together';
    expect(problemsOf({ ADMIN_EMAIL: 'keeper@shop.example' })).to.deep.equal([problem]);
    expect(problemsOf({ ADMIN_PASSWORD: PEPPER })).to.deep.equal([problem]);
  });
});

describe('in production', () => {
  it('a shop with secrets of its own may start, with neither demo user nor demo data', () => {
    const settings = parseSettings(PRODUCTION);
    expect(settings).to.include({ production: true, seedDemo: false, admin: undefined });
  });

  it('every missing secret is named together with everything else that is wrong', () => {
    expect(problemsOf({ NODE_ENV: 'production', PORT: 'x', SEED_DEMO: 'true', BCRYPT_COST: '4' })).to.deep.equal([
      'PORT must be a number',
      'JWT_KEYS is required in production',
      'PASSWORD_PEPPERS is required in production',
      'PII_KEYS is required in production',
      'SEED_DEMO is refused in production',
      'BCRYPT_COST must be at least 10 in production',
    ]);
  });

  it('no demo password is accepted', () => {
    for (const { password } of Object.values(DEMO_ACCOUNTS))
      expect(problemsOf({ ...PRODUCTION, ADMIN_EMAIL: 'keeper@shop.example', ADMIN_PASSWORD: password })).to.deep.equal(
        ['ADMIN_PASSWORD is a demo password, which is refused in production'],
      );
  });

  for (const on of ['true', 'TRUE', 'True'])
    it(`demo data is refused when it is asked for with ${on}`, () => {
      expect(problemsOf({ ...PRODUCTION, SEED_DEMO: on })).to.deep.equal(['SEED_DEMO is refused in production']);
    });

  const KEEPER = { ADMIN_EMAIL: 'keeper@shop.test', ADMIN_PASSWORD: 'nine-lives-and-more' };
  const LONG = 'this-is-an-example-secret-of-enough-length';
  const REFUSED: readonly (readonly [Environment, problem: string])[] = [
    [{ LOG_LEVEL: 'debug' }, 'LOG_LEVEL=debug'],
    [{ ...KEEPER, ADMIN_EMAIL: DEMO_ACCOUNTS.admin.email }, 'ADMIN_EMAIL is a demo account'],
    [{ ...KEEPER, ADMIN_EMAIL: DEMO_ACCOUNTS.customer.email.toUpperCase() }, 'ADMIN_EMAIL is a demo account'],
    [{ ...KEEPER, ADMIN_PASSWORD: 'elevenchars' }, 'ADMIN_PASSWORD must have at least 12'],
    [{ PASSWORD_PEPPERS: 'p'.repeat(40) }, 'PASSWORD_PEPPERS can be guessed'],
    [{ PASSWORD_PEPPERS: `${PEPPER},${'change-me-'.repeat(4)}` }, 'PASSWORD_PEPPERS can be guessed'],
    [{ PASSWORD_PEPPERS: LONG }, 'PASSWORD_PEPPERS can be guessed'],
    [{ SANDBOX_WEBHOOK_SECRET: 'only-for-a-try-on-one-machine' }, 'SANDBOX_WEBHOOK_SECRET can be guessed'],
    [{ STRIPE_WEBHOOK_SECRET: 'whsec_placeholder' }, 'STRIPE_WEBHOOK_SECRET can be guessed'],
    [{ METRICS_TOKEN: 'aaaaaaaaaaaaaaaaaaaa' }, 'METRICS_TOKEN can be guessed'],
  ];
  const CAUTIONS: readonly (readonly [Environment, caution: string])[] = [
    [{ RATE_LIMIT: 'off' }, 'RATE_LIMIT is off'],
    [{ PAYMENT_GATEWAY: 'sandbox' }, 'this shop takes no money'],
    [{ SMTP_URL: '' }, 'no mail is sent'],
    [{ METRICS_TOKEN: '' }, 'anybody who reaches /metrics can read it'],
    [{ DATABASE_URL: 'postgres://shop:shop@db.test/shop' }, 'DATABASE_URL has a password that everybody knows'],
    [{ REDIS_URL: 'redis://:redis@cache.test' }, 'REDIS_URL has a password that everybody knows'],
  ];
  for (const [environment, caution] of CAUTIONS)
    it(`a start with ${JSON.stringify(environment)} warns`, () => {
      const cautions = cautionsInProduction(parseSettings({ ...PRODUCTION, ...environment }));
      expect(cautions.some(text => text.includes(caution))).to.equal(true);
    });

  for (const [environment, problem] of REFUSED)
    it(`a start is refused with ${JSON.stringify(environment)}, and the value is not repeated`, () => {
      const problems = problemsOf({ ...PRODUCTION, ...environment });
      expect(problems).to.have.length(1);
      expect(problems[0]!.startsWith(problem), problems[0]).to.equal(true);
      for (const [name, value] of Object.entries(environment))
        if (/SECRET|PEPPER|PASSWORD/.test(name)) expect(problems[0]).not.to.include(value);
    });

  it('and the same would do on a machine of one’s own', () => {
    for (const [environment] of REFUSED) parseSettings(environment);
  });

  it('the keeper’s own password is taken', () => {
    expect(parseSettings({ ...PRODUCTION, ...KEEPER }).admin).to.include({ email: KEEPER.ADMIN_EMAIL });
  });
});
