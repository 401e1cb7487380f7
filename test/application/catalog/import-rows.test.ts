import { expect } from 'chai';
import { addReservedOrder } from '../../support/stocking.ts';
import { aShopWithSheets, countsOf, errorsOf, warningsOf } from '../../support/sheets.ts';

const HEADER =
  'Handle,Title,Vendor,Product Category,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Alt Text';

/** A row of one variant with these cells. */
const row = (cells: Partial<Record<string, string>>): string => {
  const all: Partial<Record<string, string>> = {
    Handle: 'leash',
    Title: 'Leash',
    'Variant SKU': 'SKU-1',
    'Variant Inventory Tracker': 'shopify',
    'Variant Price': '5.00',
    ...cells,
  };
  return HEADER.split(',')
    .map(name => `"${all[name] ?? ''}"`)
    .join(',');
};

const imported = async (...rows: Parameters<typeof row>[0][]) => {
  const shop = aShopWithSheets();
  const report = await shop.importLines([HEADER, ...rows.map(row)]);
  return { ...shop, report };
};

describe('The rows of an imported sheet', () => {
  for (const [what, cells, problem] of [
    ['without a price', { 'Variant Price': '' }, 'Variant Price is empty'],
    ['with words for a price', { 'Variant Price': 'ten' }, 'Variant Price "ten" is not an amount in USD'],
    ['with a fraction of a cent', { 'Variant Price': '1.005' }, 'Variant Price "1.005" is not an amount in USD'],
    ['with a comma for a point', { 'Variant Price': '1,50' }, 'Variant Price "1,50" is not an amount in USD'],
    ['with a price below zero', { 'Variant Price': '-1' }, 'Variant Price must be ≥ 0'],
    ['with a price out of reach', { 'Variant Price': '100000000.01' }, 'Variant Price must be ≤ 10000000000'],
    [
      'with a senseless price to compare',
      { 'Variant Compare At Price': '-' },
      'Variant Compare At Price "-" is not an amount in USD',
    ],
    [
      'with half a unit in stock',
      { 'Variant Inventory Qty': '1.5' },
      'Variant Inventory Qty "1.5" is not a whole number up to 1000000000',
    ],
    [
      'with too much stock',
      { 'Variant Inventory Qty': '1000000001' },
      'Variant Inventory Qty "1000000001" is not a whole number up to 1000000000',
    ],
    ['with a weight in words', { 'Variant Grams': 'light' }, 'Variant Grams "light" is not a weight in grams'],
    ['with a weight below zero', { 'Variant Grams': '-5' }, 'Variant Grams "-5" is not a weight in grams'],
    ['with too long a SKU', { 'Variant SKU': 'x'.repeat(101) }, 'Variant SKU must have 1 to 100 characters'],
    ['with a line break in its SKU', { 'Variant SKU': 'A\nB' }, 'Variant SKU must not hold control characters'],
    ['with too long a barcode', { 'Variant Barcode': 'x'.repeat(256) }, 'Variant Barcode has more than 255 characters'],
    [
      'with too long an option',
      { 'Option1 Name': 'Size', 'Option1 Value': 'x'.repeat(256) },
      'Option value has more than 255 characters',
    ],
    ['with too long an image address', { 'Image Src': 'x'.repeat(2049) }, 'Image Src has more than 2048 characters'],
    ['with too long a title', { Title: 'x'.repeat(256) }, 'Title has more than 255 characters'],
    ['with too long a vendor', { Vendor: 'x'.repeat(256) }, 'Vendor has more than 255 characters'],
    ['with too long a tag', { Tags: `a, ${'x'.repeat(256)}` }, 'Tag has more than 255 characters'],
    [
      'with too long a category',
      { 'Product Category': `A > ${'x'.repeat(256)}` },
      'Category has more than 255 characters',
    ],
    [
      'with two problems',
      { 'Variant Price': '', 'Variant Grams': 'x' },
      'Variant Price is empty; Variant Grams "x" is not a weight in grams',
    ],
  ] as const)
    it(`are refused ${what}`, async () => {
      const { report, products } = await imported(cells, { Handle: 'bowl', Title: 'Bowl', 'Variant SKU': 'BOWL' });
      expect(errorsOf(report)).to.deep.equal([`2 leash: ${problem}`]);
      expect(countsOf(report)).to.equal('1/0/0/1');
      expect((await products()).map(({ slug }) => slug)).to.deep.equal(['bowl']);
    });

  for (const [handle, problem] of [
    ['', 'has no handle'],
    ['rope leash', 'has a handle with a blank, a slash or a control character'],
    ['a/b', 'has a handle with a blank, a slash or a control character'],
    ['x'.repeat(256), 'has a handle of more than 255 characters'],
  ] as const)
    it(`are refused with the handle "${handle.slice(0, 20)}"`, async () => {
      const { report } = await imported({ Handle: handle });
      expect(report.errors.map(({ message }) => message)).to.deep.equal([problem]);
      expect(countsOf(report)).to.equal('0/0/0/1');
    });

  it('are refused when they say nothing', async () => {
    const { importLines } = await imported({});
    const report = await importLines([HEADER, `leash${','.repeat(16)}`]);
    expect(errorsOf(report)).to.deep.equal(['2 leash: says nothing but its handle']);
  });

  it('may have the price nothing', async () => {
    const { report, product } = await imported({ 'Variant Price': '0' });
    expect(countsOf(report)).to.equal('1/0/0/0');
    expect((await product('leash')).variants[0]!.price.amount).to.equal(0);
  });

  for (const [what, cells, warning, onHand] of [
    ['negative stock', { 'Variant Inventory Qty': '-3' }, 'Variant Inventory Qty -3 was taken as 0', 0],
    [
      'sale without stock',
      { 'Variant Inventory Qty': '4', 'Variant Inventory Policy': 'continue' },
      'is to go on selling when out of stock: here it is sold only while in stock',
      4,
    ],
    [
      'untracked stock',
      { 'Variant Inventory Tracker': '' },
      'is not tracked in the sheet: here it is sold only while in stock',
      0,
    ],
    ['a fraction of a gram', { 'Variant Grams': '453.59' }, 'Variant Grams "453.59" was rounded to 454', 0],
    ['a product without a title', { Title: '' }, 'has no title: the product is called by its handle', 0],
  ] as const)
    it(`warn of ${what}`, async () => {
      const { report, product } = await imported(cells);
      expect(warningsOf(report)).to.deep.equal([`2 leash: ${warning}`]);
      expect(countsOf(report)).to.equal('1/0/0/0');
      expect((await product('leash')).variants[0]).to.include({ onHand });
    });

  it('keep the stock that there is when they say none', async () => {
    const { importLines, product } = await imported({ 'Variant Inventory Qty': '8' });
    expect(countsOf(await importLines([HEADER, row({})]))).to.equal('0/0/1/0');
    expect((await product('leash')).variants[0]).to.include({ onHand: 8 });
  });

  it('are refused as a whole when they would take away stock that orders hold', async () => {
    const { importLines, product, store } = await imported(
      { 'Variant Inventory Qty': '8', 'Option1 Name': 'Size', 'Option1 Value': 'L' },
      { Title: '', 'Variant SKU': 'SKU-2', 'Option1 Value': 'S', 'Variant Inventory Qty': '8' },
    );
    const { id } = await product('leash');
    await store.unitOfWork
      .run(({ products }) => products.find(id))
      .then(leash => addReservedOrder(w => store.unitOfWork.run(w), leash!, 3));
    const report = await importLines([
      HEADER,
      row({ 'Variant Inventory Qty': '2', 'Variant Price': '9', 'Option1 Name': 'Size', 'Option1 Value': 'L' }),
      row({ Title: '', 'Variant SKU': 'SKU-2', 'Option1 Value': 'S', 'Variant Inventory Qty': '2' }),
    ]);
    expect(errorsOf(report)).to.deep.equal(['2 leash: 3 units are reserved for open orders.']);
    expect(countsOf(report)).to.equal('0/1/0/1');
    const [held, free] = (await product('leash')).variants;
    expect([held!.onHand, held!.price.amount, free!.onHand]).to.deep.equal([8, 500, 2]);
  });

  it('leave out a product together with the row that names it', async () => {
    const { report } = await imported({ Title: 'x'.repeat(256) }, { Title: '', 'Variant SKU': 'SKU-2' });
    expect(errorsOf(report)).to.deep.equal([
      '2 leash: Title has more than 255 characters',
      '3 leash: was left out together with row 2, which names the product',
    ]);
  });

  it('give the product its name even when their own variant is refused', async () => {
    const { report, product } = await imported({ 'Variant Price': 'x' }, { Title: '', 'Variant SKU': 'SKU-2' });
    expect(countsOf(report)).to.equal('1/0/0/1');
    expect((await product('leash')).name).to.equal('Leash');
  });

  it('put products of one name for a shelf on different shelves when these stand in different places', async () => {
    const { store, product, importLines } = await imported(
      { 'Product Category': 'Dogs > Food' },
      { Handle: 'tin', 'Variant SKU': 'TIN', 'Product Category': 'Cats > Food' },
      { Handle: 'bone', 'Variant SKU': 'BONE', 'Product Category': 'dogs > FOOD' },
      { Handle: 'dogs-food', 'Variant SKU': 'D', 'Product Category': 'Dogs Food' },
      { Handle: 'thing', 'Variant SKU': 'THING' },
    );
    const categories = new Map((await store.catalog.categories()).map(category => [category.id, category]));
    const shelf = async (handle: string) => {
      const { slug, name, parentId } = categories.get((await product(handle)).categoryId)!;
      return [parentId && categories.get(parentId)!.name, name, slug];
    };
    expect(await shelf('leash')).to.deep.equal(['Dogs', 'Food', 'dogs-food']);
    expect(await shelf('tin')).to.deep.equal(['Cats', 'Food', 'cats-food']);
    expect(await shelf('bone')).to.deep.equal(['Dogs', 'Food', 'dogs-food']);
    expect(await shelf('dogs-food')).to.deep.equal([null, 'Dogs Food', 'dogs-food-2']);
    expect(await shelf('thing')).to.deep.equal([null, 'Uncategorised', 'uncategorised']);
    await importLines([
      HEADER,
      row({ Handle: 'ball', 'Variant SKU': 'BALL', 'Product Category': 'Dogs > Food > Dry' }),
    ]);
    const after = await store.catalog.categories();
    expect(after).to.have.length(categories.size + 1);
    expect(after.find(({ name }) => name === 'Dry')?.parentId).to.equal((await product('leash')).categoryId);
  });
});
