import { simulate } from './simulate.ts';
import { SCENES, type SceneName, type Violation } from './world.ts';

interface Swept {
  readonly runs: number;
  readonly kills: number;
  readonly found: readonly { readonly killAt: readonly number[]; readonly violation: Violation }[];
}

/** Kills once at every place where a process can die, or also a second time at every place after that. */
export async function sweep(scene: SceneName, deaths: 'once' | 'twice', impatient: boolean): Promise<Swept> {
  const sum = { runs: 0, kills: 0, found: [] as { killAt: readonly number[]; violation: Violation }[] };
  const attempt = async (killAt: readonly number[]): Promise<number> => {
    const { chances, kills, violations } = await simulate({ seed: 1, quiet: true, scene, impatient, killAt });
    sum.runs += 1;
    sum.kills += kills;
    if (violations[0]) sum.found.push({ killAt, violation: violations[0] });
    return chances;
  };
  const places = await attempt([]);
  for (let first = 1; first <= places; first += 1) {
    const after = await attempt([first]);
    if (deaths === 'once') continue;
    for (let second = first + 1; second <= after; second += 1) await attempt([first, second]);
  }
  return sum;
}

/** @returns whether nothing was wrong */
export async function sweepAll(say: (text: string) => unknown): Promise<boolean> {
  let sound = true;
  for (const scene of SCENES)
    for (const impatient of [false, true]) {
      const { runs, kills, found } = await sweep(scene, 'twice', impatient);
      const title = `${scene}, ${impatient ? 'asked once' : 'asked again'}`;
      say(`${title.padEnd(48)} ${runs} runs, ${kills} kills: ${found.length} violations\n`);
      for (const { killAt, violation } of found.slice(0, 3))
        say(`  killed at ${killAt.join(' and ')}: ${violation.invariant}: ${violation.what}\n`);
      sound &&= found.length === 0;
    }
  return sound;
}
