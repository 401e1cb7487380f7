import type { ProductView } from './catalog-queries.ts';

/** What a sheet may leave out; a shop that is told nothing keeps what it has. */
export type SheetColumn =
  'title' | 'description' | 'vendor' | 'tags' | 'options' | 'grams' | 'price' | 'compareAtPrice' | 'barcode';

/** One row of a sheet, its cells trimmed (but for `description`) and not yet believed; '' where a cell is empty. */
export interface SheetRow {
  /** Counted as a spreadsheet does: the header is row 1. */
  readonly row: number;
  readonly handle: string;
  readonly title: string;
  readonly description: string;
  readonly vendor: string;
  /** From the top shelf down; empty when the sheet names none. */
  readonly categoryPath: readonly string[];
  readonly tags: readonly string[];
  /** What this row says, else what an earlier row of its handle says; null when none does. */
  readonly published: boolean | null;
  /** Names are carried on from earlier rows of the handle. */
  readonly options: readonly { readonly name: string; readonly value: string }[];
  readonly sku: string;
  readonly grams: string;
  readonly tracked: boolean;
  readonly quantity: string;
  readonly sellsWithoutStock: boolean;
  readonly price: string;
  readonly compareAtPrice: string;
  readonly barcode: string;
  readonly imageSrc: string;
  readonly imageAlt: string;
  /** The same for every row of a sheet. */
  readonly missingColumns: ReadonlySet<SheetColumn>;
}

/** Why a sheet, or one of its rows, cannot be read at all. `fatal`: nothing after it can be read either. */
export interface SheetFault {
  readonly row: number;
  /** '' when it cannot be told. */
  readonly handle: string;
  readonly problem: string;
  readonly fatal: boolean;
}

/** Product lists as files that other shops understand. */
export interface ProductSheets {
  /** Rows and faults in the order of the file, one at a time however large it is. */
  read(bytes: AsyncIterable<Uint8Array>): AsyncIterable<SheetRow | SheetFault>;
  /** `categoryPath` names the shelves of a product from the top. */
  write(
    products: AsyncIterable<ProductView>,
    categoryPath: (product: ProductView) => readonly string[],
  ): AsyncIterable<string>;
}
