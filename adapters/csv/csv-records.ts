import { CsvError, Parser } from 'csv-parse';
import { NotUtf8, utf8Pieces } from './utf8-pieces.ts';

export interface CsvRecord {
  /** Counted as a spreadsheet does, from 1; a cell of several lines stays one row, and blank lines count. */
  readonly row: number;
  readonly cells: readonly string[];
}

/** Why nothing after this row can be read. */
export class UnreadableCsv extends Error {
  override readonly name = 'UnreadableCsv';
  readonly row: number;

  constructor(row: number, message: string) {
    super(message);
    this.row = row;
  }
}

/** A quotation mark that is never closed swallows the file: beyond this a record is taken for one. */
const LARGEST_RECORD = 4 * 1024 * 1024;

const OPTIONS = {
  bom: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  skip_empty_lines: true,
  relax_column_count: true,
  max_record_size: LARGEST_RECORD,
};

/**
 * The records of a file, blank lines left out. It asks for more bytes only when all records so far have been taken.
 * @throws UnreadableCsv after the last record that can be told for certain; whatever `bytes` throws
 */
export async function* csvRecords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  let read: CsvRecord[] = [];
  // Records are caught here rather than read from the stream, which would drop those in its buffer on an error.
  const on_record = (cells: string[], { records, empty_lines }: { records: number; empty_lines: number }) => {
    read.push({ row: records + empty_lines, cells });
    return null;
  };
  const parser = new Parser({ ...OPTIONS, on_record });
  parser.on('error', () => undefined);
  const taken = () => {
    const records = read;
    read = [];
    return records;
  };
  try {
    for await (const piece of utf8Pieces(bytes)) {
      await done(callback => parser.write(piece, callback));
      yield* taken();
    }
    await done(callback => parser.end(callback));
  } catch (error) {
    // The parser looks a few bytes ahead: these bring out a record that is whole already, and finish no other.
    if (error instanceof NotUtf8) await done(callback => parser.write('........', callback)).catch(() => undefined);
    yield* taken();
    throw unreadable(error, parser.info.records + parser.info.empty_lines + 1) ?? error;
  } finally {
    parser.destroy();
  }
  yield* taken();
}

const done = (start: (callback: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    start(error => (error ? reject(error) : resolve()));
  });

function unreadable(error: unknown, row: number): UnreadableCsv | undefined {
  if (error instanceof NotUtf8) return new UnreadableCsv(row, 'is not UTF-8: save the file as "CSV UTF-8"');
  if (!(error instanceof CsvError)) return undefined;
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return new UnreadableCsv(row, 'opens a quotation mark that is never closed');
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return new UnreadableCsv(row, 'has no end within 4 MB: is a quotation mark missing?');
  return new UnreadableCsv(row, 'has a quotation mark in the wrong place: within quoted text write it twice');
}
