import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from '../crowd.ts';
import type { Member } from '../fleet.ts';
import type { Round, Scene } from '../round.ts';
import { refundsAndCancels } from './refunds.ts';
import { Staff } from '../staff.ts';

/** Long enough to get to work, and too short to get anything done in peace. */
const LIFE_MS = [300, 2500] as const;

/** Each process lives for a moment, dies and comes back, whatever the others do: at times all are dead. */
async function haunt(member: Member, kills: { left: number }, { chance }: Scene): Promise<void> {
  while (kills.left > 0) {
    await sleep(chance.between(...LIFE_MS));
    if (kills.left <= 0) return;
    kills.left -= 1;
    await member.kill();
    await member.start();
  }
}

/** Kill -9 of every kind of process under load; the bank lives on. */
export const kills: Round = {
  name: 'kill -9 of api and worker',
  run: async scene => {
    const { stand, journal, chance, scale } = scene;
    const { fleet } = stand;
    const staff = await Staff.signIn(fleet.doors, journal);
    const variants = await staff.stock(20, 1000);
    const crowd = new Crowd({ doors: fleet.doors, journal, chance, variants, size: 12 });
    const returns = refundsAndCancels(staff, scene);
    const left = { left: scale.kills };
    await Promise.all(fleet.members.map(member => haunt(member, left, scene)));
    await crowd.goHome();
    const given = await returns.end();
    staff.leave();
    return `${scale.kills} kills, ${journal.broken} broken connections, ${given}, checkouts: ${journal.summary()}`;
  },
};
