import type { VariantOption } from '../../../domain/catalog/product.ts';

/** How many options a variant has in a sheet; the shop itself knows no such limit. */
export const SHEET_OPTIONS = 3;

const PLACEHOLDER = { name: 'Title', value: 'Default Title' };

/**
 * The options of a variant as a sheet can show them: the first three, and a bare name as the option "Title". Both
 * writing and comparing go by this, so that what was written and comes back is never taken for a change.
 */
export function sheetOptions(variant: { name: string; options: readonly VariantOption[] }): readonly VariantOption[] {
  const named = variant.options.length === 0 && variant.name !== 'Default';
  const options = named ? [{ name: PLACEHOLDER.name, value: variant.name }] : variant.options;
  return withoutPlaceholder(
    options
      .slice(0, SHEET_OPTIONS)
      .map(({ name, value }) => ({ name: name.trim(), value: value.trim() }))
      .filter(({ name, value }) => name && value),
  );
}

/** A sheet says "Title: Default Title" of a product that comes in one variant only. */
export const withoutPlaceholder = (options: readonly VariantOption[]): readonly VariantOption[] =>
  options.length === 1 && options[0]!.name === PLACEHOLDER.name && options[0]!.value === PLACEHOLDER.value
    ? []
    : options;

/** Equal for equal options, in whatever order they stand. */
export const optionsKey = (options: readonly VariantOption[]): string =>
  JSON.stringify(options.map(({ name, value }) => [name, value]).toSorted(([a], [b]) => (a! < b! ? -1 : 1)));

/** "adult, chicken" as tags; each once, as first written. */
export const tagsOf = (cell: string): readonly string[] => [
  ...new Set(
    cell
      .split(',')
      .map(tag => tag.trim())
      .filter(Boolean),
  ),
];

export const tagsCell = (tags: readonly string[]): string => tags.join(', ');

const SHELF = ' > ';

export const categoryCell = (path: readonly string[]): string => path.join(SHELF);

export const categoryPathOf = (cell: string): readonly string[] =>
  cell
    .split(SHELF)
    .map(name => name.trim())
    .filter(Boolean);
