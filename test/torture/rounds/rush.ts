import { Customer } from '../customer.ts';
import { plotRushes } from '../plot.ts';
import type { Round, Scene } from '../round.ts';
import { Staff } from '../staff.ts';

const SOLD = '201 PAID';
const TOO_LATE = '409 INSUFFICIENT_STOCK';

/** Everybody wants the same thing at once. Resolves to how many got one. */
async function rush({ stand, journal, scale: { buyers, units } }: Scene): Promise<number> {
  const { doors } = stand.fleet;
  const staff = await Staff.signIn(doors, journal);
  const [variantId] = await staff.stock(1, units);
  staff.leave();
  const customers = Array.from({ length: buyers }, () => new Customer(doors, journal));
  await Promise.all(customers.map(customer => customer.fill([{ variantId: variantId!, quantity: 1 }])));
  const receipts = await Promise.all(customers.map(customer => customer.checkOut()));
  for (const customer of customers) customer.leave();
  const ended = (outcome: string): number =>
    receipts.filter(receipt => `${receipt.status} ${receipt.outcome}` === outcome).length;
  if (ended(SOLD) !== units) journal.violated(`${ended(SOLD)} of ${units} units were sold`);
  if (ended(SOLD) + ended(TOO_LATE) !== buyers) journal.violated(`Of ${buyers} buyers: ${journal.summary()}`);
  return ended(SOLD);
}

/** So many buyers, each for one unit of a thing of which there are few, again and again. */
export const lastUnits: Round = { name: 'the last units', run: async scene => inWords(await rushes(scene), scene) };

/** The same, and a picture of it. */
export const lastUnitsPlotted: Round = {
  name: 'the last units, plotted',
  run: async scene => {
    const sold = await rushes(scene);
    return `${inWords(sold, scene)}: ${plotRushes(sold, scene.scale)}`;
  },
};

async function rushes(scene: Scene): Promise<readonly number[]> {
  const sold: number[] = [];
  for (let round = 0; round < scene.scale.rushes; round += 1) sold.push(await rush(scene));
  return sold;
}

const inWords = (sold: readonly number[], { scale: { buyers, units } }: Scene): string =>
  `${sold.length} × ${buyers} buyers for ${units} units, ${[...new Set(sold)].join(' or ')} sold each time`;
