import { accessSync, constants } from 'node:fs';
import { expect } from 'chai';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type App, createApp } from '../../config/app.ts';
import { DEMO_ACCOUNTS } from '../../config/demo-accounts.ts';
import { prepareShop } from '../../config/first-start.ts';
import { parseSettings } from '../../config/settings.ts';
import { signIn } from '../support/shop-client.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const browserPath = [process.env['CHROMIUM_PATH'] ?? '', ...PLACES].find(isProgram);

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A browser that asks nobody for updates, blocklists or the time. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('the API explorer in a browser', () => {
  if (browserPath === undefined) {
    const reason = 'no Chromium is installed, and CHROMIUM_PATH names none';
    if (process.env['CI'] === 'true')
      it('has a browser', () => {
        throw new Error(reason);
      });
    else it(`cannot be examined: ${reason}`);
    return;
  }

  const { email, password } = DEMO_ACCOUNTS.customer;
  let app: App;
  let browser: Browser;
  let page: Page;
  let url: string;
  /** Whatever a page says that nobody should have to read, and whom it asked besides the shop. */
  let complaints: string[];

  before(async () => {
    const settings = parseSettings({ DATABASE_URL: 'memory:', PORT: '0', BCRYPT_COST: '4', LOG_LEVEL: 'silent' });
    app = await createApp(settings);
    await prepareShop(app.container, settings, () => {});
    ({ url } = await app.listen());
    browser = await chromium.launch({ executablePath: browserPath, args: QUIET });
  });

  after(async () => {
    await browser?.close();
    await app?.close();
  });

  beforeEach(async () => {
    complaints = [];
    const context = await browser.newContext({ viewport: { width: 1200, height: 1000 } });
    await context.route('**/*', route => {
      const asked = route.request().url();
      if (asked.startsWith(`${url}/`) || asked.startsWith('data:')) return route.continue();
      complaints.push(`asked for ${asked}`);
      return route.abort();
    });
    page = await context.newPage();
    page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(error.message));
    await page.goto(`${url}/docs`);
    await page.locator('.opblock-tag-section').first().waitFor();
  });

  afterEach(async () => {
    await page.context().close();
    expect(complaints).to.deep.equal([]);
  });

  it('shows every part of the API with all that can be asked there', async () => {
    const documented = (await (await fetch(`${url}/openapi.json`)).json()) as {
      tags: { name: string }[];
      paths: Record<string, Record<string, unknown>>;
    };
    const tags = await page.locator('.opblock-tag').evaluateAll(all => all.map(tag => tag.getAttribute('data-tag')));
    expect(tags).to.have.members(documented.tags.map(({ name }) => name));
    const verbs = ['get', 'post', 'put', 'patch', 'delete'];
    const operations = Object.values(documented.paths).flatMap(path => verbs.filter(verb => verb in path));
    expect(operations).to.have.length.above(50);
    expect(await page.locator('.opblock').count()).to.equal(operations.length);
    expect(await page.locator('.errors-wrapper').count()).to.equal(0);
  });

  it('lets a customer sign in and ask who they are', async () => {
    const { Authorization = '' } = await signIn(url, email, password);
    await page.locator('.btn.authorize').click();
    await page.locator('.modal-ux input[type=text]').first().fill(Authorization.replace('Bearer ', ''));
    await page.locator('.modal-ux .btn.authorize').first().click();
    await page.locator('.modal-ux .close-modal').click();

    const answer = await execute('get', '/api/v1/users/me');
    expect(answer.status).to.equal('200');
    expect(answer.body).to.include(email);
  });

  it('shows the contract’s error to whoever has not signed in', async () => {
    const answer = await execute('get', '/api/v1/users/me');
    expect(answer.status).to.equal('401');
    expect(answer.body).to.include('UNAUTHENTICATED');
    // Chromium itself notes every answer that is an error; here it is what was asked for.
    expect(complaints.splice(0)).to.satisfy((said: string[]) => said.every(text => text.includes('401')));
  });

  /** Opens an operation, tries it out, and reads what came back. */
  async function execute(method: string, path: string): Promise<{ status: string; body: string }> {
    const operation = page.locator(`.opblock-${method}`, { has: page.locator(`[data-path="${path}"]`) });
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.btn.execute').click();
    const live = operation.locator('.live-responses-table .response');
    await live.waitFor();
    return {
      status: (await live.locator('.response-col_status').innerText()).trim().split(/\s/)[0]!,
      body: await live.locator('.response-col_description').innerText(),
    };
  }
});
