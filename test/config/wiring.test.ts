import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { type App, createApp } from '../../config/app.ts';
import { prepareShop } from '../../config/first-start.ts';
import { parseSettings } from '../../config/settings.ts';
import * as ports from '../../config/tokens.ts';
import { aFolder } from '../support/shop-process.ts';
import { ask, productToBuy, signIn } from '../support/shop-client.ts';

type UseCase = Extract<Parameters<App['container']['get']>[0], abstract new (...ports: never) => unknown>;

const APPLICATION = join(import.meta.dirname, '../../application');

/** Every class that stands in the folder of a capability; what stands deeper is a part of one. */
async function useCases(): Promise<readonly UseCase[]> {
  const files = readdirSync(APPLICATION, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name !== 'ports')
    .flatMap(({ name }) => readdirSync(join(APPLICATION, name)).map(file => join(APPLICATION, name, file)))
    .filter(file => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts'));
  const modules = await Promise.all(
    files.map(file => import(pathToFileURL(file).href) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap(module => Object.values(module)).filter(isClass);
}

const isClass = (value: unknown): value is UseCase =>
  typeof value === 'function' && value.toString().startsWith('class');

const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

describe('the wiring', () => {
  const data = aFolder();
  const apps: App[] = [];

  const open = async (environment: Record<string, string>): Promise<App> => {
    const settings = parseSettings({ PORT: '0', BCRYPT_COST: '4', ...environment });
    const app = await createApp(settings, { logger: silent });
    apps.push(app);
    await prepareShop(app.container, settings, () => {});
    return app;
  };

  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });

  after(() => data.remove());

  for (const url of ['memory:', `embedded:${data.path}/shop`])
    it(`has all that every use case and every port needs, on ${url.split(':')[0]}`, async () => {
      const { container } = await open({ DATABASE_URL: url, SEED_DEMO: 'false' });
      const classes = await useCases();
      expect(classes.map(({ name }) => name)).to.include.members(['PlaceOrder', 'ChangeCart', 'ImportProducts']);
      for (const useCase of classes) expect(container.get(useCase), useCase.name).to.be.instanceOf(useCase);
      for (const [name, token] of Object.entries<UseCase>(ports))
        expect(container.get(token), name).to.satisfy((made: unknown) => typeof made === 'object' && made !== null);
    });

  it('makes each of them once', async () => {
    const { container } = await open({ DATABASE_URL: 'memory:', SEED_DEMO: 'false' });
    for (const useCase of await useCases()) expect(container.get(useCase)).to.equal(container.get(useCase));
  });

  it('holds two shops in one process that know nothing of each other', async () => {
    const keeper = { ADMIN_EMAIL: 'keeper@shop.example', ADMIN_PASSWORD: 'only-of-this-shop' };
    const pets = await (await open({ DATABASE_URL: 'memory:' })).listen();
    const empty = await (await open({ DATABASE_URL: 'memory:', SEED_DEMO: 'false', ...keeper })).listen();
    expect((await ask<unknown[]>(pets.url, '/products')).data).to.have.length(20);
    expect((await ask<unknown[]>(empty.url, '/products')).data).to.have.length(0);

    const headers = await signIn(empty.url, keeper.ADMIN_EMAIL, keeper.ADMIN_PASSWORD);
    expect((await ask(empty.url, '/users/me', { headers })).status).to.equal(200);
    expect((await ask(pets.url, '/users/me', { headers })).status).to.equal(401);
    const stranger = { email: keeper.ADMIN_EMAIL, password: keeper.ADMIN_PASSWORD };
    expect((await ask(pets.url, '/auth/login', { method: 'POST', body: stranger })).status).to.equal(401);
  });

  it('lets one shop go on when another one in its process closes', async () => {
    const first = await open({ DATABASE_URL: 'memory:' });
    const second = await (await open({ DATABASE_URL: 'memory:' })).listen();
    await first.close();
    expect((await productToBuy(second.url)).variants).to.not.have.length(0);
  });
});
