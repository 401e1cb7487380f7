import { categoryPathOf, tagsOf, withoutPlaceholder } from '../../application/catalog/import/sheet-form.ts';
import type { SheetFault, SheetRow } from '../../application/ports/product-sheets.ts';
import { Columns, OPTION_COLUMNS, type ReadColumn } from './columns.ts';
import { type CsvRecord, csvRecords, UnreadableCsv } from './csv-records.ts';

const LARGEST_RECORD = 1_000_000;

/** What a product's first row says for those below it. */
interface Carried {
  readonly optionNames: string[];
  published: boolean | null;
}

const fault = (row: number, problem: string, fatal: boolean, handle = ''): SheetFault => ({
  row,
  handle,
  problem,
  fatal,
});

/** @throws whatever `bytes` throws; everything that is wrong with the sheet itself comes as a fault */
export async function* readRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SheetRow | SheetFault> {
  let reader: RowReader | undefined;
  try {
    for await (const record of csvRecords(bytes)) {
      if (reader) {
        if (record.cells.some(cell => cell.trim() !== '')) yield reader.read(record);
        continue;
      }
      const columns = new Columns(record.cells);
      if (!columns.has('Handle')) {
        yield fault(1, 'the header has no column "Handle"; columns are parted by commas', true);
        return;
      }
      reader = new RowReader(columns);
    }
    if (!reader) yield fault(1, 'the file is empty', true);
  } catch (error) {
    if (!(error instanceof UnreadableCsv)) throw error;
    yield fault(error.row, error.message, true);
  }
}

class RowReader {
  readonly #columns: Columns;
  readonly #text: (cells: readonly string[], name: ReadColumn) => string;
  readonly #body: (cells: readonly string[]) => string;
  readonly #carried = new Map<string, Carried>();

  constructor(columns: Columns) {
    this.#columns = columns;
    const readers = new Map<ReadColumn, (cells: readonly string[]) => string>();
    this.#text = (cells, name) => {
      let cell = readers.get(name);
      if (!cell) readers.set(name, (cell = columns.cell(name)));
      return cell(cells).trim();
    };
    this.#body = columns.cell('Body (HTML)');
  }

  read({ row, cells }: CsvRecord): SheetRow | SheetFault {
    const text = (name: ReadColumn) => this.#text(cells, name);
    if (cells.some(cell => cell.includes('\0'))) return fault(row, 'holds a NUL character', false);
    const handle = text('Handle');
    if (cells.length !== this.#columns.count)
      return fault(row, `has ${cells.length} cells where the header has ${this.#columns.count}`, false, handle);
    if (cells.reduce((sum, cell) => sum + cell.length, 0) > LARGEST_RECORD)
      return fault(row, 'is larger than 1 MB', false, handle);
    const carried = this.#carry(handle, text);
    const options = this.#options(carried.optionNames, text);
    if (typeof options === 'string') return fault(row, options, false, handle);
    return {
      row,
      handle,
      title: text('Title'),
      description: this.#body(cells),
      vendor: text('Vendor'),
      categoryPath: categoryPath(text),
      tags: tagsOf(text('Tags')),
      published: carried.published,
      options: withoutPlaceholder(options),
      sku: text('Variant SKU'),
      grams: text('Variant Grams'),
      tracked: !this.#columns.has('Variant Inventory Tracker') || text('Variant Inventory Tracker') !== '',
      quantity: text('Variant Inventory Qty'),
      sellsWithoutStock: text('Variant Inventory Policy').toLowerCase() === 'continue',
      price: text('Variant Price'),
      compareAtPrice: text('Variant Compare At Price'),
      barcode: text('Variant Barcode'),
      imageSrc: text('Image Src'),
      imageAlt: text('Image Alt Text'),
      missingColumns: this.#columns.missing,
    };
  }

  #carry(handle: string, text: (name: ReadColumn) => string): Carried {
    let carried = this.#carried.get(handle);
    if (!carried) this.#carried.set(handle, (carried = { optionNames: [], published: null }));
    carried.published = published(text) ?? carried.published;
    return carried;
  }

  #options(names: string[], text: (name: ReadColumn) => string): SheetRow['options'] | string {
    const options: { name: string; value: string }[] = [];
    for (const [index, [nameColumn, valueColumn]] of OPTION_COLUMNS.entries()) {
      const name = text(nameColumn) || names[index] || '';
      const value = text(valueColumn);
      names[index] = name;
      if (value && !name) return `has an "${valueColumn}", and no row of the product names the option`;
      if (value) options.push({ name, value });
    }
    return options;
  }
}

function published(text: (name: ReadColumn) => string): boolean | null {
  const [flag, status] = [text('Published').toLowerCase(), text('Status').toLowerCase()];
  if (flag === 'false' || status === 'draft' || status === 'archived') return false;
  return flag || status ? true : null;
}

function categoryPath(text: (name: ReadColumn) => string): readonly string[] {
  const type = text('Type');
  const path = categoryPathOf(text('Product Category'));
  if (path.length > 0) return path;
  return type ? [type] : categoryPathOf(text('Google Shopping / Google Product Category'));
}
