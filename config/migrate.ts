import { SystemClock } from '../adapters/system/system-clock.ts';
import { explain } from './explain.ts';
import { openSecrets } from './open-secrets.ts';
import { openStore } from './open-store.ts';
import { parseSettings } from './settings.ts';

try {
  const settings = parseSettings(process.env);
  const opened = await openStore(settings, {
    clock: new SystemClock(),
    secrets: openSecrets(settings),
    progress: message => process.stdout.write(`  … ${message}\n`),
  });
  process.stdout.write(`The database is up to date: ${opened.place}\n`);
  await opened.close();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
