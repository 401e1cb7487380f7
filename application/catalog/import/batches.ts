import type { ImportNote } from '../../../domain/catalog/product-import.ts';
import type { SheetFault, SheetRow } from '../../ports/product-sheets.ts';
import { cut } from './wording.ts';

/** Rows of one product that stand together in the sheet. */
export interface Block {
  readonly handle: string;
  readonly rows: readonly SheetRow[];
}

/** What one unit of work takes in; each handle at most once. */
export interface Batch {
  readonly blocks: readonly Block[];
  /** Rows that cannot be used at all. */
  readonly refused: readonly ImportNote[];
  /** Nothing after it can be read. */
  readonly fatal: boolean;
}

const MOST_BLOCKS = 100;
const MOST_ROWS = 1_000;
const MOST_TEXT = 2_000_000;

/** A handle that comes back later, or has very many rows, comes in several blocks, each in a later batch. */
export async function* batches(sheet: AsyncIterable<SheetRow | SheetFault>): AsyncGenerator<Batch> {
  let gathered = new Gathering();
  for await (const item of sheet) {
    if ('fatal' in item) {
      gathered.refuse(item);
      if (item.fatal) {
        yield gathered.batch(true);
        return;
      }
    } else if (handleProblem(item.handle)) {
      gathered.refuse({ ...item, problem: handleProblem(item.handle)! });
    } else {
      if (!gathered.fits(item)) {
        yield gathered.batch();
        gathered = new Gathering();
      }
      gathered.add(item);
    }
  }
  if (!gathered.empty) yield gathered.batch();
}

function handleProblem(handle: string): string | undefined {
  if (handle === '') return 'has no handle';
  if (handle.length > 255) return 'has a handle of more than 255 characters';
  // eslint-disable-next-line no-control-regex
  return /[\s/\u0000-\u001f\u007f]/.test(handle)
    ? 'has a handle with a blank, a slash or a control character'
    : undefined;
}

class Gathering {
  readonly #blocks = new Map<string, SheetRow[]>();
  readonly #refused: ImportNote[] = [];
  #last = '';
  #rows = 0;
  #text = 0;

  get empty(): boolean {
    return this.#rows === 0 && this.#refused.length === 0;
  }

  fits({ handle }: SheetRow): boolean {
    if (this.#rows + this.#refused.length >= MOST_ROWS || this.#text >= MOST_TEXT) return false;
    return handle === this.#last || (!this.#blocks.has(handle) && this.#blocks.size < MOST_BLOCKS);
  }

  add(row: SheetRow): void {
    const rows = this.#blocks.get(row.handle);
    if (rows) rows.push(row);
    else this.#blocks.set(row.handle, [row]);
    this.#last = row.handle;
    this.#rows += 1;
    this.#text += row.description.length;
  }

  refuse({ row, handle, problem }: { row: number; handle: string; problem: string }): void {
    this.#refused.push({ row, handle: cut(handle), message: problem });
  }

  batch(fatal = false): Batch {
    const blocks = [...this.#blocks].map(([handle, rows]) => ({ handle, rows }));
    return { blocks, refused: this.#refused, fatal };
  }
}
