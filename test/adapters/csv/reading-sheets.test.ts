import { expect } from 'chai';
import type { SheetFault, SheetRow } from '../../../application/ports/product-sheets.ts';
import { ShopifySheets } from '../../../adapters/csv/shopify-sheets.ts';
import { all, inPieces } from '../../support/sheets.ts';

const read = (text: string | Uint8Array, size?: number) => all(new ShopifySheets().read(inPieces(text, size)));

async function rowsOf(...lines: string[]): Promise<SheetRow[]> {
  const items = await read(lines.join('\n'));
  return items.map(item => {
    if ('fatal' in item) throw new Error(`row ${item.row} ${item.problem}`);
    return item;
  });
}

const faultsOf = (items: readonly (SheetRow | SheetFault)[]) => items.filter(item => 'fatal' in item);
const rowNumbers = (items: readonly (SheetRow | SheetFault)[]) =>
  items.map(item => ('fatal' in item ? `${item.row}${item.fatal ? '!!' : '!'}` : String(item.row)));

async function* broken() {
  yield Buffer.from('Handle,Title\na,A\n');
  throw new Error('the line is dead');
}

describe('Reading a Shopify sheet', () => {
  it('finds the columns by name in any order and case, and ignores those it does not know', async () => {
    const [row] = await rowsOf(
      'seo title,VARIANT PRICE,handle, Title ,Vendor,Tags,Variant Barcode,Image Src,Image Alt Text,Variant SKU,Variant Grams',
      'x, 12.50 ,rope-leash,Rope Leash,Marrowby,"dog, walk,, dog ",978,https://img.example/a.jpg,A leash,LEASH-1,300',
    );
    expect(row).to.include({
      row: 2,
      handle: 'rope-leash',
      title: 'Rope Leash',
      vendor: 'Marrowby',
      price: '12.50',
      barcode: '978',
      imageSrc: 'https://img.example/a.jpg',
      imageAlt: 'A leash',
      sku: 'LEASH-1',
      grams: '300',
      compareAtPrice: '',
      quantity: '',
    });
    expect(row?.tags).to.deep.equal(['dog', 'walk']);
  });

  it('says which columns a sheet does not have, as they mean something else than empty cells', async () => {
    const [row] = await rowsOf('Handle,Title,Variant Price', 'rope-leash,,');
    expect([...row!.missingColumns].toSorted()).to.deep.equal([
      'barcode',
      'compareAtPrice',
      'description',
      'grams',
      'options',
      'tags',
      'vendor',
    ]);
  });

  it('tolerates a byte order mark, also before a quoted name', async () => {
    const [plain] = await rowsOf('\uFEFFHandle,Title', 'rope-leash,Rope Leash');
    const [marked] = await rowsOf('\uFEFF"Handle",Title', 'rope-leash,Rope Leash');
    expect(plain).to.deep.equal(marked);
    expect(plain?.handle).to.equal('rope-leash');
  });

  for (const [name, end] of [
    ['Unix', '\n'],
    ['Windows', '\r\n'],
    ['old Mac', '\r'],
  ] as const)
    it(`reads ${name} line ends, wherever the pieces are cut`, async () => {
      const text = `Handle,Title${end}a,"Zwölf ""große"" Bälle${end}und mehr 🐕"${end}${end}b,B${end}`;
      for (let size = 1; size <= 12; size++) {
        const items = await read(text, size);
        expect(items.map(item => !('fatal' in item) && [item.row, item.handle, item.title])).to.deep.equal([
          [2, 'a', `Zwölf "große" Bälle${end}und mehr 🐕`],
          [4, 'b', 'B'],
        ]);
      }
    });

  it('counts rows as a spreadsheet does: cells of several lines are one row, blank ones count and are passed over', async () => {
    const items = await read('Handle,Title\na,"one\ntwo\nthree"\n\n,\n , \nb,B\n\n');
    expect(rowNumbers(items)).to.deep.equal(['2', '6']);
  });

  it('keeps the description exactly as it is written', async () => {
    const [row] = await rowsOf('Handle,Body (HTML)', 'a," <p>Soft &amp; ""strong""</p>\n "');
    expect(row?.description).to.equal(' <p>Soft &amp; "strong"</p>\n ');
  });

  it('takes the category from the product category, else the type, else the Google category', async () => {
    const rows = await rowsOf(
      'Handle,Product Category,Type,Google Shopping / Google Product Category',
      'a,Dogs > Food >  Dry Food ,Dog Food,animals > pet supplies',
      'b,,Dog > Food,animals > pet supplies',
      'c,,,animals > pet supplies',
      'd,,,',
    );
    expect(rows.map(row => row.categoryPath)).to.deep.equal([
      ['Dogs', 'Food', 'Dry Food'],
      ['Dog > Food'],
      ['animals', 'pet supplies'],
      [],
    ]);
  });

  it('takes a product for published unless its first row or its status says otherwise', async () => {
    const rows = await rowsOf(
      'Handle,Published,Status',
      'shown,TRUE,active',
      'shown,,',
      'hidden,false,active',
      'hidden,,',
      'draft,true,draft',
      'archived,,archived',
      'flagless,,active',
      'silent,,',
    );
    expect(rows.map(row => row.published)).to.deep.equal([true, true, false, false, false, false, true, null]);
  });

  it('carries the names of options on to the rows of the same product, also when it comes back later', async () => {
    const rows = await rowsOf(
      'Handle,Option1 Name,Option1 Value,Option2 Name,Option2 Value',
      'leash,Color,Red,Size,L',
      'leash,,Blue,,M',
      'bowl,Title,Default Title,,',
      'cup,Title,Blue,,',
      'leash,,Green,,',
    );
    expect(rows.map(row => row.options.map(({ name, value }) => `${name}=${value}`))).to.deep.equal([
      ['Color=Red', 'Size=L'],
      ['Color=Blue', 'Size=M'],
      [],
      ['Title=Blue'],
      ['Color=Green'],
    ]);
  });

  it('finds a value without the name of its option at fault', async () => {
    const items = await read('Handle,Option1 Name,Option1 Value\nleash,,Red\nbowl,,');
    expect(rowNumbers(items)).to.deep.equal(['2!', '3']);
  });

  it('says whether stock is tracked and whether it may be oversold', async () => {
    const rows = await rowsOf(
      'Handle,Variant Inventory Tracker,Variant Inventory Policy,Variant Inventory Qty',
      'a,shopify,deny,-3',
      'b,,continue,',
    );
    expect(rows.map(row => [row.tracked, row.sellsWithoutStock, row.quantity])).to.deep.equal([
      [true, false, '-3'],
      [false, true, ''],
    ]);
    const [untold] = await rowsOf('Handle,Title', 'a,A');
    expect(untold?.tracked).to.equal(true);
  });

  it('finds rows with too few or too many cells at fault and reads on', async () => {
    const items = await read('Handle,Title,Vendor\na,A,X\nb,B\nc,C,X,Y\nd,D,X');
    expect(rowNumbers(items)).to.deep.equal(['2', '3!', '4!', '5']);
    expect(items[1]).to.deep.include({ handle: 'b', problem: 'has 2 cells where the header has 3' });
  });

  it('finds rows with a NUL character at fault and reads on', async () => {
    expect(rowNumbers(await read('Handle,Title\na,A\0B\nb,B'))).to.deep.equal(['2!', '3']);
  });

  it('finds a row beyond 1 MB at fault and reads on', async () => {
    const items = await read(`Handle,Title\na,"${'x'.repeat(1_000_001)}"\nb,B`, 64_000);
    expect(rowNumbers(items)).to.deep.equal(['2!', '3']);
  });

  it('stops where a quotation mark is in the wrong place, after all rows before', async () => {
    const items = await read('Handle,Title\na,A\nb,"B" and more\nc,C');
    expect(rowNumbers(items)).to.deep.equal(['2', '3!!']);
    expect(rowNumbers(await read('Handle,Title\na,A\nb,5" pipe\nc,C'))).to.deep.equal(['2', '3!!']);
  });

  it('stops at a quotation mark that is never closed', async () => {
    expect(rowNumbers(await read('Handle,Title\na,A\nb,"B\nc,C\n'))).to.deep.equal(['2', '3!!']);
  });

  it('does not read a whole file in search of a closing quotation mark', async () => {
    let pieces = 0;
    async function* endless() {
      yield Buffer.from('Handle,Title\na,A\nb,"');
      for (; pieces < 1_000; pieces++) yield Buffer.alloc(64 * 1024, 'x\n');
    }
    expect(rowNumbers(await all(new ShopifySheets().read(endless())))).to.deep.equal(['2', '3!!']);
    expect(pieces).to.be.lessThan(100);
  });

  it('names the row where the file is not UTF-8, after all rows before', async () => {
    const latin1 = Buffer.concat([
      Buffer.from('Handle,Title\na,Bär\n\nb,"two\nlines "\nc,'),
      Buffer.from('Bär\nd,D', 'latin1'),
    ]);
    for (const size of [1, 2, 5, 1000]) {
      const items = await read(latin1, size);
      expect(rowNumbers(items)).to.deep.equal(['2', '4', '5!!']);
    }
  });

  it('does not take half a character at the end, or another encoding, for UTF-8', async () => {
    const cut = Buffer.from('Handle,Title\na,Bä').subarray(0, -1);
    expect(rowNumbers(await read(cut))).to.deep.equal(['2!!']);
    expect(rowNumbers(await read(Buffer.from('\uFEFFHandle,Title\na,A', 'utf16le')))).to.deep.equal(['1!!']);
  });

  it('refuses an empty file', async () => {
    for (const text of ['', '\uFEFF', '\n\n']) {
      expect(await read(text)).to.deep.equal([{ row: 1, handle: '', problem: 'the file is empty', fatal: true }]);
    }
  });

  it('refuses a header that names no handle', async () => {
    const [fault, ...more] = faultsOf(await read('Handle;Title\na;A'));
    expect(fault).to.include({ row: 1, fatal: true });
    expect(more).to.have.length(0);
  });

  it('reads no further than its reader has taken rows', async () => {
    let sent = 0;
    async function* slow() {
      yield Buffer.from('Handle,Title\n');
      for (; sent < 100; sent++) yield Buffer.from(`product-${sent},"A product"\n`);
    }
    for await (const row of new ShopifySheets().read(slow())) if (row.row === 10) break;
    expect(sent).to.be.lessThan(12);
  });

  it('passes on the failure of whoever sends the bytes', async () => {
    try {
      await all(new ShopifySheets().read(broken()));
      expect.fail('it ended well');
    } catch (error) {
      expect(error).to.have.property('message', 'the line is dead');
    }
  });
});
