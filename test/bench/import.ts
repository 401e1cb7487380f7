import { parse } from 'csv-parse';
import { createApp } from '../../config/app.ts';
import { parseSettings } from '../../config/settings.ts';
import { ImportProducts } from '../../application/catalog/import-products.ts';
import { StartProductImport } from '../../application/catalog/start-product-import.ts';
import { Currency } from '../../domain/shared/currency.ts';
import { aFolder } from '../support/shop-process.ts';
import { inPieces } from '../support/sheets.ts';
import { median, printRatios, repeated, timed } from './support.ts';

/**
 * Rows that the import takes in a second, the first time and again, when it finds everything as it is. The yardstick is
 * what reading the same bytes takes when nothing is done with them.
 */
const PRODUCTS = 1_000;
const SIZES = ['XS', 'S', 'M', 'L', 'XL'];
const ROWS = PRODUCTS * SIZES.length;
const RUNS = 3;

/** Five sizes each of a thousand jumpers for dogs. */
function sheet(): string {
  const head =
    'Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Option1 Name,Option1 Value,Variant SKU,' +
    'Variant Inventory Qty,Variant Price,Status';
  const products = Array.from({ length: PRODUCTS }, (_, product) =>
    SIZES.map((size, row) => {
      const title = `"Dog Jumper No. ${product}"`;
      const body = `"<p>Knitted, washable and warm, in ""heather grey"".</p>"`;
      const facts = row === 0 ? `${title},${body},Marrowby,Dogs > Clothing,Jumper,"knitted, warm"` : ',,,,,';
      const price = `${19 + (product % 30)}.90`;
      return `jumper-${product},${facts},Size,${size},JMP-${product}-${size},${product % 200},${price},${row === 0 ? 'active' : ''}`;
    }).join('\n'),
  );
  return [head, ...products].join('\n');
}

const bytes = Buffer.from(sheet());
const pieces = (): AsyncIterable<Uint8Array> => inPieces(bytes, 65_536);

async function readAlone(): Promise<number> {
  const { seconds, result } = await timed(async () => {
    let rows = 0;
    for await (const _row of inPiecesInto(parse({ columns: true }))) rows += 1;
    return rows;
  });
  if (result !== ROWS) throw new Error(`${result} rows were read.`);
  return ROWS / seconds;
}

function inPiecesInto(parser: ReturnType<typeof parse>): AsyncIterable<unknown> {
  parser.end(bytes);
  return parser;
}

interface Pace {
  readonly first: number;
  readonly again: number;
}

async function paceOn(databaseUrl: string): Promise<Pace> {
  const settings = parseSettings({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' });
  const app = await createApp(settings);
  const run = async (): Promise<number> => {
    const report = await app.container.get(StartProductImport).execute({ dryRun: false, by: null });
    const command = { report, bytes: pieces(), currency: Currency('USD') };
    const { seconds, result } = await timed(() => app.container.get(ImportProducts).execute(command));
    if (result.status !== 'completed' || result.created + result.updated + result.skipped !== ROWS)
      throw new Error(`The import ended as ${JSON.stringify({ ...result, warnings: [] })}`);
    return ROWS / seconds;
  };
  try {
    return { first: await run(), again: await run() };
  } finally {
    await app.close();
  }
}

async function paceOnEmbedded(): Promise<Pace> {
  const { path, remove } = aFolder();
  try {
    return await paceOn(`embedded:${path}/data`);
  } finally {
    remove();
  }
}

const yardstick = median(await repeated(RUNS, readAlone));
const memory = await repeated(RUNS, () => paceOn('memory:'));
const embedded = await repeated(RUNS, paceOnEmbedded);
const row = (what: string, pace: number): [string, number, number, number] => [
  what,
  pace,
  ROWS / pace,
  yardstick / pace,
];
printRatios(
  `Import of ${ROWS.toLocaleString('en')} rows, ${PRODUCTS.toLocaleString('en')} products (median of ${RUNS})`,
  ['', 'rows a second', 'seconds', 'times the yardstick'],
  [
    row('memory, new', median(memory.map(({ first }) => first))),
    row('memory, the same again', median(memory.map(({ again }) => again))),
    row('embedded Postgres, new', median(embedded.map(({ first }) => first))),
    row('embedded Postgres, the same again', median(embedded.map(({ again }) => again))),
    row('yardstick: csv-parse alone', yardstick),
  ],
);
