import closeWithGrace from 'close-with-grace';
import { createApp } from './app.ts';
import { DEMO_ACCOUNTS } from './demo-accounts.ts';
import { DataFolderInUse, explain } from './explain.ts';
import { prepareShop } from './first-start.ts';
import { parseSettings, type Settings } from './settings.ts';
import { VERSION } from './version.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);

const progress = (message: string) => say(`  … ${message}`);

try {
  const settings = parseSettings(process.env);
  say(`Pannier ${VERSION} is starting`);
  const app = await createApp(settings, { progress });
  if (process.platform !== 'win32') process.on('SIGUSR2', () => say(`  … logs at ${app.stepLogLevel()} from now on`));
  closeWithGrace({ delay: 15_000, logger: false, skip: ['SIGUSR2'] }, async ({ signal, err }) => {
    if (err) process.stderr.write(`${explain(err)}\n`);
    if (signal) say('  … finishing what is under way');
    await app.close();
  });
  if (app.borrowed && settings.role !== 'worker') {
    await app.close();
    throw new DataFolderInUse(app.place);
  }
  await prepareShop(app.container, settings, progress);
  const { url } = await app.listen();
  app.work();
  say(screen(settings, { url, place: app.place }));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function screen(settings: Settings, { url, place }: { url: string; place: string }): string {
  const { admin, customer } = DEMO_ACCOUNTS;
  const account = ({ email, password }: { email: string; password: string }) => `${email} · ${password}`;
  const demoAdmin = settings.admin === admin;
  return `
  Shop        ${url}/api/v1/products
${settings.apiDocs ? `  API docs    ${url}/docs\n` : ''}${settings.mail.smtpUrl || settings.production ? '' : `  Mails       ${url}/dev/mail\n`}${demoAdmin ? `  Admin       ${account(admin)}\n` : ''}${settings.seedDemo ? `  Customer    ${account(customer)}\n` : ''}  Data        ${place}
${settings.store.kind === 'postgres' ? '' : '\n  A Postgres of your own:  DATABASE_URL=postgres://user:password@host/shop npm start\n'}${settings.redisUrl ? '' : '  Redis beside it:         REDIS_URL=redis://host:6379\n'}
  Ctrl-C stops it.
`;
}
