/** A measured number beside what it should be. */
export interface Row {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  /** `at most` unless more is better. */
  readonly should?: 'at least' | 'at most';
  readonly note?: string;
}

/** How much of the limit is used up: above 1 it is missed. */
const ratioOf = ({ measured, limit, should }: Row): number =>
  should === 'at least' ? limit / measured : measured / limit;

/** Prints a table whose last column says how it stands: a ratio above 1 misses the aim. */
export function print(title: string, rows: readonly Row[]): void {
  const cells = rows.map(row => [
    row.what,
    `${number(row.measured)} ${row.unit}`,
    `${row.should ?? 'at most'} ${number(row.limit)} ${row.unit}`,
    ratioOf(row).toFixed(2),
    ratioOf(row) > 1 ? 'missed' : 'met',
    row.note ?? '',
  ]);
  write(title, ['', 'measured', 'aim', 'ratio', '', ''], cells);
}

/** Prints measurements that have a yardstick instead of an aim. */
export function printRatios(
  title: string,
  head: readonly string[],
  rows: readonly (readonly [what: string, ...numbers: (number | string)[]])[],
): void {
  write(
    title,
    head,
    rows.map(row => row.map(cell => (typeof cell === 'number' ? number(cell) : cell))),
  );
}

function write(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map(row => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ');
  const ruler = widths.map(width => '-'.repeat(width)).join('  ');
  process.stdout.write(`\n${title}\n\n${[line(head), ruler, ...rows.map(line)].join('\n')}\n`);
}

const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Seconds that something took, and what it came to. */
export async function timed<Result>(
  work: () => Promise<Result> | Result,
): Promise<{ seconds: number; result: Result }> {
  const start = performance.now();
  const result = await work();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** One after the other, so that no run is in another one's way. */
export async function repeated<Result>(count: number, work: (run: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let run = 0; run < count; run += 1) results.push(await work(run));
  return results;
}
