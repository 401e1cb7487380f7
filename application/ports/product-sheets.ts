import type { ProductView } from './catalog-queries.ts';

/** One row of a sheet, its cells trimmed and not yet believed; '' where the cell is empty or missing. */
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
  readonly published: boolean;
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
}

/** Why a sheet, or one of its rows, cannot be read at all. `fatal`: nothing after it can be read either. */
export interface SheetFault {
  readonly row: number;
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
