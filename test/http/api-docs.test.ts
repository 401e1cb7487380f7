import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { createApp } from '../../config/app.ts';
import { prepareShop } from '../../config/first-start.ts';
import { parseSettings } from '../../config/settings.ts';
import { generateSigningKeys } from '../../adapters/security/signing-keys.ts';

const QUIET = { DATABASE_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent', BCRYPT_COST: '4', SEED_DEMO: 'false' };

describe('A shop that keeps its description to itself', () => {
  it('shows neither the explorer nor the document, and sells all the same', async () => {
    const app = await createApp(parseSettings({ ...QUIET, API_DOCS: 'off' }));
    const { url } = await app.listen();
    const statuses = await Promise.all(
      ['/docs', '/docs/start.js', '/openapi.json', '/', '/api/v1/products'].map(
        async path => (await fetch(`${url}${path}`, { redirect: 'manual' })).status,
      ),
    );
    await app.close();
    expect(statuses).to.deep.equal([404, 404, 404, 404, 200]);
  });
});

describe('A production shop without an administrator', () => {
  it('says on its start how to make the first, until there is one', async () => {
    const production = {
      ...QUIET,
      NODE_ENV: 'production',
      BCRYPT_COST: '10',
      JWT_KEYS: generateSigningKeys(),
      PASSWORD_PEPPERS: 'salt-and-pepper-and-vinegar-and-oil',
      PII_KEYS: randomBytes(32).toString('base64url'),
      PAYMENT_GATEWAY: 'sandbox',
    };
    const app = await createApp(parseSettings(production));
    const said: string[] = [];
    const start = (more: Readonly<Record<string, string>> = {}) =>
      prepareShop(app.container, parseSettings({ ...production, ...more }), message => said.push(message));
    await start();
    expect(said.splice(0).join()).to.match(/no administrator yet.*ADMIN_EMAIL and ADMIN_PASSWORD/);
    await start({ ADMIN_EMAIL: 'keeper@shop.test', ADMIN_PASSWORD: 'nine-lives-and-more' });
    await start();
    expect(said).to.deep.equal([]);
    await app.close();
  });

  it('does not start beside the demo accounts of a try on the same database', async () => {
    const app = await createApp(parseSettings({ ...QUIET }));
    await prepareShop(app.container, parseSettings({ ...QUIET, SEED_DEMO: 'true' }), () => {});
    const secrets = { JWT_KEYS: generateSigningKeys(), PASSWORD_PEPPERS: randomBytes(32).toString('base64url') };
    const keys = { ...secrets, PII_KEYS: randomBytes(32).toString('base64url') };
    const production = parseSettings({
      ...QUIET,
      ...keys,
      NODE_ENV: 'production',
      BCRYPT_COST: '10',
      SEED_DEMO: 'false',
    });
    const refusal = await prepareShop(app.container, production, () => {}).catch(String);
    expect(refusal).to.include('is in this database with its demo password');
    await app.close();
  });
});
