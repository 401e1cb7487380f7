import { parseArgs } from 'node:util';
import { ownPostgres } from './own-postgres.ts';
import { LONG, type Round, SHORT } from './round.ts';
import { kills } from './rounds/kills.ts';
import { oppositeOrders } from './rounds/opposite-orders.ts';
import { outages, terminations } from './rounds/outages.ts';
import { redisGone } from './rounds/redis-gone.ts';
import { lastUnits, lastUnitsPlotted } from './rounds/rush.ts';
import { sameKey } from './rounds/same-key.ts';
import { stockEdits } from './rounds/stock-edits.ts';
import { Stand } from './stand.ts';
import { torture, type Verdict } from './torture.ts';

const USAGE = `Tortures a whole shop on a real Postgres, and looks whether it keeps its promises.

  npm run torture [-- --short] [--only <words of a round's name>] [--plot] [--seed 1]

  --short  less of everything, for every change
  --only   only the rounds whose name has these words
  --plot   only the last units, and draws docs/explanation/oversell.svg
  --seed   of what is done by chance; when things happen is up to the machine
`;

const ROUNDS: readonly Round[] = [
  lastUnits,
  oppositeOrders,
  sameKey,
  stockEdits,
  terminations,
  kills,
  outages,
  redisGone,
];

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    plot: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);

// The processes of the shop are in groups of their own: Ctrl-C does not reach them, but the end of this one does.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

if (values.help) say(USAGE);
else process.exitCode = (await run()) ? 0 : 1;

async function run(): Promise<boolean> {
  const rounds = values.plot ? [lastUnitsPlotted] : ROUNDS.filter(({ name }) => name.includes(values.only));
  const postgres = await ownPostgres();
  const stand = await Stand.open({ databaseUrl: postgres.url, apis: 2, workers: 2 });
  say(`On ${postgres.name}; 2 processes of each role; seed ${values.seed}`);
  const scale = values.short ? SHORT : LONG;
  const verdicts: Verdict[] = [];
  try {
    for await (const verdict of torture(rounds, { stand, postgres, scale, seed: Number(values.seed) })) {
      verdicts.push(verdict);
      say(`\n${verdict.round}: ${verdict.happened}`);
      for (const violation of verdict.violations) say(`  VIOLATION ${violation}`);
    }
  } finally {
    await stand.close();
    await postgres.stop();
  }
  say(`\n${tableOf(verdicts)}`);
  return verdicts.every(({ violations }) => violations.length === 0);
}

function tableOf(verdicts: readonly Verdict[]): string {
  const head = ['round', 'orders', 'seconds', 'all done after', 'violations'];
  const rows = verdicts.map(({ round, orders, seconds, quietAfter, violations }) =>
    quietAfter === undefined
      ? [round, '', '', 'not run', '']
      : [round, String(orders), seconds.toFixed(1), `${quietAfter.toFixed(1)} s`, String(violations.length)],
  );
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map(row => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
  return [line(head), widths.map(width => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
