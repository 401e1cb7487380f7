import type { ProductSheets } from '../../application/ports/product-sheets.ts';
import { readRows } from './read-rows.ts';
import { writeRows } from './write-rows.ts';

/** Product lists as CSV files in the format that Shopify exports and imports. */
export class ShopifySheets implements ProductSheets {
  read(bytes: AsyncIterable<Uint8Array>): ReturnType<ProductSheets['read']> {
    return readRows(bytes);
  }

  write(...[products, categoryPath]: Parameters<ProductSheets['write']>): AsyncIterable<string> {
    return writeRows(products, categoryPath);
  }
}
