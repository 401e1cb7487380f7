import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../config/version.ts';
import { drawn, type Series } from '../../support/line-chart.ts';
import type { Point } from '../checkout.ts';

/** Draws how long a checkout takes, by how many customers are at the till. Resolves to the path of the picture. */
export function plotLatency(points: readonly Point[]): string {
  const path = join(PROJECT_ROOT, 'docs/explanation/checkout-latency.svg');
  const of = (kind: Point['kind']): readonly Point[] => points.filter(point => point.kind === kind);
  const series: Series[] = [
    { name: 'one hot SKU, p99', values: of('hot').map(({ p99 }) => p99), ink: 4 },
    { name: '1,000 SKUs, p99', values: of('many').map(({ p99 }) => p99), ink: 2 },
    { name: 'one hot SKU, p50', values: of('hot').map(({ p50 }) => p50), ink: 3 },
    { name: '1,000 SKUs, p50', values: of('many').map(({ p50 }) => p50), ink: 1 },
  ];
  const highest = Math.max(150, ...points.map(({ p99 }) => p99));
  const step = highest > 300 ? 50 : 25;
  const places = of('many').map(({ customers, rate }) => `${customers} (${Math.round(rate)}/s)`);
  const picture = drawn({
    title: 'How long a checkout takes over HTTP',
    description: `At 32 customers at once the median is ${Math.round(of('many')[2]!.p50)} ms and one in a hundred takes longer than ${Math.round(of('many')[2]!.p99)} ms.`,
    across: { name: 'customers at once (checkouts a second on 1,000 SKUs)', places },
    up: { name: 'milliseconds', most: Math.ceil((highest * 1.1) / step) * step, step },
    series,
    levels: [{ name: 'aim for p99 at 32: 150 ms', value: 150 }],
  });
  writeFileSync(path, picture);
  return path;
}
