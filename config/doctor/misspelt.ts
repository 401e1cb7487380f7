import { type Finding, odd } from './findings.ts';

/** Variables that look as if they were meant for the shop, which does not read them. */
export function misspelt(names: readonly string[], settings: readonly string[]): readonly Finding[] {
  const families = new Set(
    settings.filter(name => name.includes('_') && !name.startsWith('NODE_')).map(name => name.split('_')[0]!),
  );
  return names
    .filter(name => !settings.includes(name))
    .flatMap(name => {
      const meant = nearest(name, settings);
      if (meant) return [odd(`${name} is no setting: did you mean ${meant}?`)];
      const family = /^([A-Z]+)_[A-Z_]+$/.exec(name)?.[1] ?? '';
      return families.has(family) ? [odd(`${name} is no setting of the shop: it changes nothing`)] : [];
    });
}

/** One slip in four letters is a slip; more is another word. */
function nearest(name: string, settings: readonly string[]): string | undefined {
  const [best] = settings
    .map(setting => ({ setting, slips: slips(name.toUpperCase(), setting) }))
    .filter(({ setting, slips: many }) => many <= Math.min(3, Math.floor(setting.length / 4)))
    .toSorted((a, b) => a.slips - b.slips);
  return best?.setting;
}

/** How many letters were left out, added, mistaken or swapped with the next one: optimal string alignment. */
function slips(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        rows[row - 1]![column]! + 1,
        current[column - 1]! + 1,
        rows[row - 1]![column - 1]! + (same ? 0 : 1),
        swapped ? rows[row - 2]![column - 2]! + 1 : Infinity,
      );
    }
    rows.push(current);
  }
  return rows[one.length]![other.length]!;
}
