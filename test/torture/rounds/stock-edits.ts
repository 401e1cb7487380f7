import { setTimeout as sleep } from 'node:timers/promises';
import { Chance } from '../../simulation/chance.ts';
import { Crowd } from '../crowd.ts';
import { type Journal, outcomeOf } from '../journal.ts';
import { connectTo } from '../own-postgres.ts';
import type { Round, Scene } from '../round.ts';
import { Staff } from '../staff.ts';

const ALLOWED = ['200', '201', '409 STOCK_BELOW_RESERVED', '422 RULE_VIOLATION'];

/** Nobody buys: whoever counts last is right, and nobody's count is added to another's. */
async function countAtOnce(staff: Staff, { stand, journal }: Scene): Promise<void> {
  const [variantId] = await staff.stock(1, 10);
  const counts = Array.from({ length: 20 }, (_, index) => 11 + index * 7);
  await Promise.all(counts.map(units => staff.count(variantId!, units)));
  const client = await connectTo(stand.databaseUrl);
  const { rows } = await client.query<{ on_hand: number }>('SELECT on_hand FROM inventory WHERE variant_id = $1', [
    variantId,
  ]);
  await client.end();
  if (!counts.includes(rows[0]!.on_hand))
    journal.violated(`20 counts from 11 to 144 at once came to ${rows[0]!.on_hand}, which nobody counted`);
}

async function keepEditing(staff: Staff, variants: readonly string[], until: () => boolean, scene: Scene) {
  const { journal } = scene;
  const chance = new Chance(scene.chance.below(2 ** 31));
  let edits = 0;
  while (until()) {
    const variantId = chance.pick(variants);
    const reply = chance.is(0.5)
      ? await staff.count(variantId, chance.below(60))
      : await staff.adjust(variantId, 1 + chance.below(5) * (chance.is(0.5) ? 1 : -1) || 1);
    check(journal, outcomeOf(reply));
    edits += 1;
    await sleep(2);
  }
  return edits;
}

function check(journal: Journal, said: string): void {
  if (!ALLOWED.includes(said)) journal.violated(`A stock edit was answered ${said}`);
}

/** While customers buy, stock is counted anew and corrected. */
export const stockEdits: Round = {
  name: 'stock edits against checkouts',
  run: async scene => {
    const { stand, journal, chance, scale } = scene;
    const { doors } = stand.fleet;
    const staff = await Promise.all(Array.from({ length: 4 }, () => Staff.signIn(doors, journal)));
    await countAtOnce(staff[0]!, scene);
    const variants = await staff[0]!.stock(5, 30);
    const crowd = new Crowd({ doors, journal, chance, variants, size: 12, methods: ['tok_ok', 'tok_decline'] });
    const end = Date.now() + scale.editSeconds * 1000;
    const edits = await Promise.all(staff.map(one => keepEditing(one, variants, () => Date.now() < end, scene)));
    await crowd.goHome();
    for (const one of staff) one.leave();
    return `${edits.reduce((sum, count) => sum + count)} edits, checkouts: ${journal.summary()}`;
  },
};
