import type { SheetColumn } from '../../application/ports/product-sheets.ts';

/** Shopify's columns that this shop writes, in Shopify's order. */
export const WRITTEN_COLUMNS = [
  'Handle',
  'Title',
  'Body (HTML)',
  'Vendor',
  'Product Category',
  'Type',
  'Tags',
  'Published',
  'Option1 Name',
  'Option1 Value',
  'Option2 Name',
  'Option2 Value',
  'Option3 Name',
  'Option3 Value',
  'Variant SKU',
  'Variant Grams',
  'Variant Inventory Tracker',
  'Variant Inventory Qty',
  'Variant Inventory Policy',
  'Variant Fulfillment Service',
  'Variant Price',
  'Variant Compare At Price',
  'Variant Requires Shipping',
  'Variant Taxable',
  'Variant Barcode',
  'Image Src',
  'Image Position',
  'Image Alt Text',
  'Gift Card',
  'Variant Weight Unit',
  'Status',
] as const;

export type WrittenColumn = (typeof WRITTEN_COLUMNS)[number];
export type ReadColumn = WrittenColumn | 'Google Shopping / Google Product Category';

export const OPTION_COLUMNS = [
  ['Option1 Name', 'Option1 Value'],
  ['Option2 Name', 'Option2 Value'],
  ['Option3 Name', 'Option3 Value'],
] as const;

/** Columns of which it matters whether a sheet has them at all. */
const OPTIONAL: readonly (readonly [SheetColumn, ReadColumn])[] = [
  ['title', 'Title'],
  ['description', 'Body (HTML)'],
  ['vendor', 'Vendor'],
  ['tags', 'Tags'],
  ['options', 'Option1 Value'],
  ['grams', 'Variant Grams'],
  ['price', 'Variant Price'],
  ['compareAtPrice', 'Variant Compare At Price'],
  ['barcode', 'Variant Barcode'],
];

/** Where the columns of one sheet stand; names are matched without regard to case. */
export class Columns {
  readonly count: number;
  readonly missing: ReadonlySet<SheetColumn>;
  readonly #positions = new Map<string, number>();

  constructor(header: readonly string[]) {
    this.count = header.length;
    header.forEach((name, position) => {
      const key = name.trim().toLowerCase();
      if (!this.#positions.has(key)) this.#positions.set(key, position);
    });
    this.missing = new Set(OPTIONAL.filter(([, name]) => !this.has(name)).map(([column]) => column));
  }

  has(name: ReadColumn): boolean {
    return this.#positions.has(name.toLowerCase());
  }

  /** A function of a record that gives its untrimmed cell, '' without such a column. */
  cell(name: ReadColumn): (cells: readonly string[]) => string {
    const position = this.#positions.get(name.toLowerCase());
    return position === undefined ? () => '' : cells => cells[position] ?? '';
  }
}
