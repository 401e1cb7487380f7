import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../config/version.ts';
import { drawn } from '../support/line-chart.ts';

/** What others sold of 50 units to 200 buyers on the same machine. */
const OTHERS = [
  { name: 'Vendure 3.7: 300 sold', value: 300 },
  { name: 'Medusa 2.21: 26 sold', value: 26 },
];

/** Draws how many units each rush sold. Resolves to the path of the picture. */
export function plotRushes(sold: readonly number[], { buyers, units }: { buyers: number; units: number }): string {
  const path = join(PROJECT_ROOT, 'docs/explanation/oversell.svg');
  const picture = drawn({
    title: `${buyers} buyers at once for ${units} units`,
    description: `In each of ${sold.length} rounds Pannier sold ${[...new Set(sold)].join(' or ')} of ${units} units; Vendure 3.7 sold 300 and Medusa 2.21 sold 26.`,
    across: { name: 'round', places: sold.map((_, round) => String(round + 1)) },
    up: { name: 'units sold', most: 320, step: 50 },
    series: [{ name: `Pannier: ${[...new Set(sold)].join(' or ')} sold`, values: sold, ink: 1 }],
    levels: OTHERS,
  });
  writeFileSync(path, picture);
  return path;
}
