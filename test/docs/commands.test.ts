import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { type App, createApp } from '../../config/app.ts';
import { prepareShop } from '../../config/first-start.ts';
import { parseSettings } from '../../config/settings.ts';
import { aFolder, ShopProcess } from '../support/shop-process.ts';
import { isRun, problemsOf, type Step, stepsOf } from './commands.ts';
import { requireShown } from './expected.ts';
import { type Page, PAGES } from './pages.ts';
import { ProjectCopy } from './project-copy.ts';
import { type Session, typeIn } from './shell.ts';

/** Where the pages say that the shop is. */
const SHOP = 'http://127.0.0.1:3000';

const ENVIRONMENT = { NO_COLOR: '1', npm_config_loglevel: 'error', npm_config_update_notifier: 'false' };

const hasSamples = ({ blocks }: Page): boolean => blocks.some(({ info }) => info.startsWith('file='));

let copy: ProjectCopy | undefined;

/** A page with samples in a copy of the project, built once; any other page on a shop of its own. */
async function follow(page: Page, steps: readonly Step[]): Promise<Session> {
  const commands = steps.map(({ command }) => command);
  if (hasSamples(page)) {
    const { path } = (copy ??= new ProjectCopy());
    return copy.with(page, () => typeIn(commands, { folder: path, environment: ENVIRONMENT }));
  }
  const folder = aFolder();
  const { app, url } = await openShop();
  try {
    const asked = commands.map(command => command.replaceAll(SHOP, url));
    return await typeIn(asked, { folder: folder.path, environment: ENVIRONMENT });
  } finally {
    await app.close();
    folder.remove();
  }
}

async function openShop(): Promise<{ app: App; url: string }> {
  const settings = parseSettings({ DATABASE_URL: 'memory:', PORT: '0', BCRYPT_COST: '4', LOG_LEVEL: 'error' });
  const app = await createApp(settings);
  await prepareShop(app.container, settings, () => {});
  return { app, ...(await app.listen()) };
}

const TOOLS = ['bash', 'curl'];
const missing = TOOLS.find(tool => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0);

/** Pending with the reason, or failing where it must not be missed. */
function cannotBeTried({ path }: Page): void {
  if (process.env['CI'] !== 'true') return void it(`cannot be tried without ${missing}: ${path}`);
  it(`can be tried: ${path}`, () => {
    throw new Error(`${missing} is not installed`);
  });
}

const refusalIsShown = ({ shown }: Step): boolean => shown?.text.includes('"error"') ?? false;

describe('The commands on the pages', () => {
  const pages = PAGES.map(page => ({ page, steps: stepsOf(page) })).filter(({ steps }) => steps.length > 0);

  after(() => copy?.remove());

  it('were found', () => {
    expect(pages.map(({ page }) => page.path)).to.include.members(['README.md', 'docs/tutorial/first-sale.md']);
    expect(pages.flatMap(({ steps }) => steps.filter(isRun)).length).to.be.at.least(25);
  });

  it('are in no other kind of block', () => {
    const languages = new Set(PAGES.flatMap(({ blocks }) => blocks.map(({ language }) => language)));
    expect([...languages].toSorted()).to.deep.equal(['json', 'jsonc', 'mermaid', 'sh', 'sql', 'text', 'ts']);
  });

  it('that start, migrate and test name scripts and settings that there are', () => {
    const looked = pages.flatMap(({ steps }) => steps.filter(step => !isRun(step)));
    expect(looked.length).to.be.at.least(5);
    expect(looked.flatMap(({ command }) => problemsOf(command))).to.deep.equal([]);
    expect(problemsOf('DATABASE_URL=mysql://x npm start\nPROT=1 npm run gone')).to.have.length(3);
    expect(problemsOf('npm run simulate -- --sweeep')).to.deep.equal(['--sweeep']);
  });

  for (const { page, steps } of pages) {
    const run = steps.filter(isRun);
    if (run.length === 0) continue;
    if (missing) cannotBeTried(page);
    else
      it(`do what the page says: ${page.path}`, async function () {
        this.timeout(60_000);
        const { blocks, exitCode, transcript } = await follow(page, run);
        expect(exitCode, `after ${blocks.length} blocks: ${transcript}`).to.equal(0);
        run.forEach((step, index) => {
          const { stdout, statuses } = blocks[index]!;
          const refused = statuses.filter(status => status >= 400);
          expect(refused, `${step.command}\n${stdout}`).to.have.length(refusalIsShown(step) ? 1 : 0);
          if (step.shown) requireShown(step.shown, stdout);
        });
      });
  }

  it('lead to the screen that the pages show', async () => {
    const folder = aFolder();
    const shop = await ShopProcess.open({ environment: { DATABASE_URL: 'memory:' }, folder: folder.path });
    const screen = shop.output.replaceAll(shop.url, SHOP);
    await shop.stop();
    folder.remove();
    const shown = PAGES.flatMap(({ blocks }) => blocks.filter(({ text }) => text.startsWith('  Shop ')));
    expect(shown).to.have.length(2);
    // Where the data lies is another place here.
    for (const block of shown) requireShown({ ...block, text: block.text.replace(/(?<=Data +).*/, '…') }, screen);
  });

  it('would be caught if they showed something else', () => {
    const json = (text: string) => ({ language: 'json', info: '', text });
    const said = '{"data":{"items":[{"sku":"A-1","n":2}],"more":1}}';
    requireShown(json('{"data":{"items":[{"sku":"A…"}]}}'), `first\n{"data":1}${said}`);
    for (const wrong of ['{"data":{"items":[]}}', '{"data":{"items":[{"n":3}]}}', '{"data":{"gone":"…"}}'])
      expect(() => requireShown(json(wrong), said), wrong).to.throw();
    requireShown({ language: 'text', info: '', text: 'one\n…\nthr…\n' }, ' one \ntwo\nthree');
    expect(() => requireShown({ language: 'text', info: '', text: 'three\none' }, 'one\nthree')).to.throw();
  });
});
