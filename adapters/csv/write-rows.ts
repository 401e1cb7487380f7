import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { categoryCell, sheetOptions, tagsCell } from '../../application/catalog/import/sheet-form.ts';
import type { ProductView, VariantView } from '../../application/ports/catalog-queries.ts';
import type { ProductImage } from '../../domain/catalog/product.ts';
import { OPTION_COLUMNS, WRITTEN_COLUMNS, type WrittenColumn } from './columns.ts';

type Row = Partial<Record<WrittenColumn, string>>;

/**
 * Cells are written as they are, also those that begin with `=`, `+`, `-` or `@`: a mark put in front of them would
 * come back as part of the name or the SKU. Only staff who may change products can put them there.
 */
export async function* writeRows(
  products: AsyncIterable<ProductView>,
  categoryPath: (product: ProductView) => readonly string[],
): AsyncGenerator<string> {
  const sheet = stringify({ header: true, columns: [...WRITTEN_COLUMNS] });
  sheet.setEncoding('utf8');
  // A failure of the source destroys the sheet with it, and so reaches whoever reads.
  pipeline(Readable.from(rowsOfAll(products, categoryPath)), sheet, () => undefined);
  yield* sheet as AsyncIterable<string>;
}

async function* rowsOfAll(
  products: AsyncIterable<ProductView>,
  categoryPath: (product: ProductView) => readonly string[],
): AsyncGenerator<Row> {
  for await (const product of products) yield* rowsOf(product, categoryPath(product));
}

/** One row a variant; images stand beside them, and the rest below. */
function* rowsOf(product: ProductView, path: readonly string[]): Generator<Row> {
  const names: string[] = [];
  for (let index = 0; index < Math.max(product.variants.length, product.images.length); index++) {
    const variant = product.variants[index];
    const image = product.images[index];
    yield {
      Handle: product.slug,
      ...(index === 0 && productCells(product, path)),
      ...(variant && variantCells(variant, names)),
      ...(image && imageCells(image, index + 1)),
    };
  }
}

const productCells = (product: ProductView, path: readonly string[]): Row => ({
  Title: product.name,
  'Body (HTML)': product.description,
  Vendor: product.vendor,
  'Product Category': categoryCell(path),
  Type: path.at(-1) ?? '',
  Tags: tagsCell(product.tags),
  Published: product.status === 'active' ? 'TRUE' : 'FALSE',
  'Gift Card': 'FALSE',
  Status: product.status,
});

/** @param names the option names that the rows so far have left standing; a name is written where it changes */
function variantCells(variant: VariantView, names: string[]): Row {
  const row: Row = {
    'Variant SKU': variant.sku,
    'Variant Grams': variant.grams === null ? '' : String(variant.grams),
    'Variant Inventory Tracker': 'shopify',
    'Variant Inventory Qty': String(variant.onHand),
    'Variant Inventory Policy': 'deny',
    'Variant Fulfillment Service': 'manual',
    'Variant Price': variant.price.toDecimal(),
    'Variant Compare At Price': variant.compareAtPrice?.toDecimal() ?? '',
    'Variant Requires Shipping': 'TRUE',
    'Variant Taxable': 'TRUE',
    'Variant Barcode': variant.barcode ?? '',
    'Variant Weight Unit': 'g',
  };
  const options = sheetOptions(variant);
  for (const [index, { name, value }] of (options.length > 0 ? options : [SINGLE]).entries()) {
    const [nameColumn, valueColumn] = OPTION_COLUMNS[index]!;
    if (names[index] !== name) row[nameColumn] = names[index] = name;
    row[valueColumn] = value;
  }
  return row;
}

const SINGLE = { name: 'Title', value: 'Default Title' };

const imageCells = ({ src, alt }: ProductImage, position: number): Row => ({
  'Image Src': src,
  'Image Position': String(position),
  'Image Alt Text': alt,
});
