import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from '../crowd.ts';
import { connectTo } from '../own-postgres.ts';
import type { Round } from '../round.ts';
import { Staff } from '../staff.ts';

const NOT_OURS = 'the server is not ours to stop';

/** The database stops without warning, stays away for a moment, and comes back by recovery. */
export const outages: Round = {
  name: 'Postgres stopped immediately',
  impossible: ({ crash }) => (crash ? undefined : NOT_OURS),
  run: async ({ stand, postgres, journal, chance, scale }) => {
    const { doors, members } = stand.fleet;
    const staff = await Staff.signIn(doors, journal);
    const variants = await staff.stock(20, 1000);
    staff.leave();
    const pids = members.map(({ pid }) => pid);
    const crowd = new Crowd({ doors, journal, chance, variants, size: 12 });
    for (let outage = 0; outage < scale.outages; outage += 1) {
      await sleep(chance.between(1000, 2000));
      await postgres.crash!();
      await sleep(chance.between(100, 2500));
      await postgres.restart!();
    }
    await sleep(1500);
    await crowd.goHome();
    if (members.some(({ pid }, index) => pid !== pids[index])) journal.violated('A process did not stay up');
    return `${scale.outages} outages, ${journal.answered('503 UNAVAILABLE')} × 503, checkouts: ${journal.summary()}`;
  },
};

/** Single connections break, in the middle of whatever they are at. */
export const terminations: Round = {
  name: 'pg_terminate_backend at random',
  run: async ({ stand, journal, chance, scale }) => {
    const { doors } = stand.fleet;
    const staff = await Staff.signIn(doors, journal);
    const variants = await staff.stock(20, 1000);
    staff.leave();
    const crowd = new Crowd({ doors, journal, chance, variants, size: 12 });
    const client = await connectTo(stand.databaseUrl);
    let terminated = 0;
    for (const end = Date.now() + scale.terminateSeconds * 1000; Date.now() < end; await sleep(25)) {
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'pannier' AND datname = current_database() ORDER BY random() LIMIT 1`,
      );
      terminated += rowCount ?? 0;
    }
    await client.end();
    await crowd.goHome();
    const away = journal.answered('503 UNAVAILABLE');
    return `${terminated} connections broken, ${away} × 503, checkouts: ${journal.summary()}`;
  },
};
