import { SystemClock } from '../adapters/system/system-clock.ts';
import { explain } from './explain.ts';
import { openSecrets } from './open-secrets.ts';
import { openStore } from './open-store.ts';
import { parseSettings } from './settings.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const progress = (message: string) => say(`  … ${message}`);

/** Beside a shop that runs: it takes a connection of its own, and a few rows at a time. */
try {
  const settings = parseSettings(process.env);
  const opened = await openStore(settings, { clock: new SystemClock(), secrets: openSecrets(settings), progress });
  try {
    if (!opened.rotateKeys) throw new Error('A shop in memory seals nothing, so there are no keys to replace.');
    const { keys, lookups, plain } = await opened.rotateKeys(progress);
    await opened.store.unitOfWork.run(async ({ audit }) =>
      audit.add({ action: 'keys.rotated', outcome: 'done', subject: null, after: { keys, lookups, plain } }),
    );
    say(`Left under older keys: ${keys} persons and ${lookups} look-ups; left in plain text: ${plain} rows.`);
    if (keys + lookups + plain === 0) say('The first of PII_KEYS is enough from now on.');
    else process.exitCode = 1;
  } finally {
    await opened.close();
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
