import { expect } from 'chai';
import { createReadStream } from 'node:fs';
import type { ProductView } from '../../../application/ports/catalog-queries.ts';
import { aShopWithSheets, countsOf, errorsOf, warningsOf } from '../../support/sheets.ts';

const HEADER =
  'Handle,Title,Body (HTML),Vendor,Product Category,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Alt Text';
const LEASH = [
  'rope-leash,Rope Leash,<p>Strong</p>,Marrowby,Dogs > Walk,"dog, walk",TRUE,Color,Red,LEASH-R,300,7,19.90,25,978,https://img.example/r.jpg,Red leash',
  'rope-leash,,,,,,,,Blue,LEASH-B,310,0,19.90,,,https://img.example/b.jpg,',
  'rope-leash,,,,,,,,,,,,,,,https://img.example/both.jpg,Both',
];
const BOWL = 'bowl,Steel Bowl,,,Dogs > Food,,FALSE,Title,Default Title,,,3,5.00,,,,';

const versionsOf = (products: readonly ProductView[]) =>
  products.map(({ version, variants }) => [version, variants.map(variant => variant.version)]);
const sampleCatalogue = () => createReadStream('config/sample/pet-catalogue.csv');

describe('Importing products', () => {
  it('makes products with their variants, categories, images and stock', async () => {
    const shop = aShopWithSheets();
    const report = await shop.importLines([HEADER, ...LEASH, BOWL]);
    expect(report.status).to.equal('completed');
    expect(report.rows).to.equal(4);
    expect(countsOf(report)).to.equal('4/0/0/0');
    expect(warningsOf(report)).to.deep.equal([]);

    const leash = await shop.product('rope-leash');
    expect(leash).to.include({
      name: 'Rope Leash',
      description: '<p>Strong</p>',
      vendor: 'Marrowby',
      status: 'active',
    });
    expect(leash.tags).to.deep.equal(['dog', 'walk']);
    expect(leash.images).to.deep.equal([
      { src: 'https://img.example/r.jpg', alt: 'Red leash' },
      { src: 'https://img.example/b.jpg', alt: '' },
      { src: 'https://img.example/both.jpg', alt: 'Both' },
    ]);
    const [red, blue] = leash.variants;
    expect(red).to.deep.include({
      sku: 'LEASH-R',
      name: 'Red',
      options: [{ name: 'Color', value: 'Red' }],
      barcode: '978',
      grams: 300,
      onHand: 7,
    });
    expect(red!.price.toJSON()).to.deep.equal({ amount: 1990, currency: 'USD' });
    expect(red!.compareAtPrice?.amount).to.equal(2500);
    expect(blue).to.deep.include({ sku: 'LEASH-B', compareAtPrice: null, barcode: null, onHand: 0 });

    const bowl = await shop.product('bowl');
    expect(bowl.status).to.equal('draft');
    expect(bowl.variants.map(({ name, options }) => ({ name, options }))).to.deep.equal([
      { name: 'Default', options: [] },
    ]);
    expect(bowl.variants[0]!.sku).to.match(/^STEEL-BOWL-[0-9A-F]{8}$/);
  });

  it('changes nothing, not even a version, when the same sheet comes again', async () => {
    const shop = aShopWithSheets();
    await shop.importLines([HEADER, ...LEASH, BOWL]);
    const before = await shop.products();
    const events = shop.events();
    const again = await shop.importLines([HEADER, ...LEASH, BOWL]);
    expect(countsOf(again)).to.equal('0/0/4/0');
    expect(await shop.products()).to.deep.equal(before);
    expect(shop.events()).to.deep.equal(events);
  });

  it('takes in the whole sample catalogue, and finds nothing new in it the second time', async () => {
    const shop = aShopWithSheets();
    const first = await shop.importBytes(sampleCatalogue());
    expect([countsOf(first), first.rows, first.warnings.length]).to.deep.equal(['251/0/0/0', 251, 0]);
    const products = await shop.products();
    expect(products).to.have.length(98);
    expect(products.flatMap(({ variants }) => variants)).to.have.length(251);
    const second = await shop.importBytes(sampleCatalogue());
    expect(countsOf(second)).to.equal('0/0/251/0');
    expect(versionsOf(await shop.products())).to.deep.equal(versionsOf(products));
  });

  for (const [what, from, to] of [
    ['its name', 'Rope Leash', 'Rope Lead'],
    ['its description', 'Strong', 'Very strong'],
    ['its vendor', 'Marrowby', 'Harbor'],
    ['its category', 'Dogs > Walk', 'Dogs > Training'],
    ['its tags', 'dog, walk', 'dog'],
    ['its status', 'TRUE', 'FALSE'],
    ['an option', 'Color,Red', 'Color,Dark Red'],
    ['a SKU', 'LEASH-R', 'LEASH-RED'],
    ['a weight', ',300,', ',301,'],
    ['a stock number', ',7,', ',8,'],
    ['a price', '19.90', '19.91'],
    ['a price to compare with', ',25,', ',,'],
    ['a barcode', '978', '979'],
    ['the text of an image', 'Red leash', 'The red one'],
    ['an image', 'both.jpg', 'two.jpg'],
  ] as const)
    it(`counts a product as updated when ${what} is different`, async () => {
      const shop = aShopWithSheets();
      await shop.importLines([HEADER, ...LEASH, BOWL]);
      const [bowl] = await shop.products();
      const changed = LEASH.map(line => line.replace(from, to));
      const report = await shop.importLines([HEADER, ...changed, BOWL]);
      expect(countsOf(report)).to.equal('0/3/1/0');
      expect((await shop.products())[0]).to.deep.equal(bowl);
      expect((await shop.product('rope-leash')).variants).to.have.length(2);
      expect(countsOf(await shop.importLines([HEADER, ...changed, BOWL]))).to.equal('0/0/4/0');
    });

  it('leaves alone what a sheet does not speak of', async () => {
    const shop = aShopWithSheets();
    await shop.importLines([HEADER, ...LEASH]);
    const before = await shop.product('rope-leash');
    const report = await shop.importLines(['Handle,Variant SKU,Variant Inventory Qty', 'rope-leash,LEASH-R,9']);
    expect(countsOf(report)).to.equal('0/1/0/0');
    const after = await shop.product('rope-leash');
    const [red, ...others] = after.variants;
    expect(red).to.deep.include({ onHand: 9, version: 1, compareAtPrice: before.variants[0]!.compareAtPrice });
    expect({ ...after, variants: others }).to.deep.equal({ ...before, variants: before.variants.slice(1) });
  });

  it('empties what a full sheet has emptied', async () => {
    const shop = aShopWithSheets();
    await shop.importLines([HEADER, ...LEASH]);
    await shop.importLines([HEADER, 'rope-leash,Rope Leash,,,,,,Color,Red,LEASH-R,,,19.90,,,,']);
    const leash = await shop.product('rope-leash');
    expect(leash).to.deep.include({ description: '', vendor: '', tags: [] });
    expect(leash.variants[0]).to.deep.include({ grams: null, compareAtPrice: null, barcode: null, onHand: 7 });
    expect(leash.images).to.have.length(3);
  });

  it('goes on with a handle that comes back later in the file', async () => {
    const lines = [HEADER, LEASH[0]!, BOWL, ...LEASH.slice(1)];
    const shop = aShopWithSheets();
    const rehearsed = await shop.importLines(lines, { dryRun: true });
    const report = await shop.importLines(lines);
    expect(countsOf(report)).to.equal('2/2/0/0');
    expect(countsOf(rehearsed)).to.equal('2/2/0/0');
    expect((await shop.product('rope-leash')).variants.map(({ sku }) => sku)).to.deep.equal(['LEASH-R', 'LEASH-B']);
    expect(countsOf(await shop.importLines(lines))).to.equal('0/0/4/0');
  });

  it('takes in many more products than one unit of work does', async () => {
    const shop = aShopWithSheets();
    const lines = Array.from({ length: 350 }, (_, n) => `product-${n},Product ${n},,,,,,,,SKU-${n},,1,1.00,,,,`);
    expect(countsOf(await shop.importLines([HEADER, ...lines]))).to.equal('350/0/0/0');
    expect(await shop.products()).to.have.length(350);
  });

  it('keeps the report up to date while it goes on', async () => {
    const seen: string[] = [];
    const shop = aShopWithSheets(unitOfWork => ({
      run: async work => {
        const result = await unitOfWork.run(work);
        const [report] = [...shop.store.tables.productImports.values()];
        seen.push(`${report!.status} ${report!.rows}`);
        return result;
      },
    }));
    const lines = Array.from({ length: 250 }, (_, n) => `product-${n},Product ${n},,,,,,,,SKU-${n},,1,1.00,,,,`);
    await shop.importLines([HEADER, ...lines]);
    expect(seen).to.deep.equal([
      'pending 0',
      'running 0',
      'running 100',
      'running 200',
      'running 250',
      'completed 250',
    ]);
  });

  it('writes nothing in a dry run, and reports what an import then does', async () => {
    const shop = aShopWithSheets();
    await shop.importLines([HEADER, ...LEASH]);
    const before = await shop.products();
    const categories = await shop.store.catalog.categories();
    const sheet = [
      HEADER,
      ...LEASH.map(line => line.replace('19.90', '18.90')),
      BOWL,
      'cup,Cup,,,Cats > Food,,,,,LEASH-R,,-2,5,,,,',
      'mug,Mug,,,,,,,,MUG,,-2,5,,,,',
      'jug,Jug,,,,,,,,MUG,,,5,,,,',
    ];
    const rehearsed = await shop.importLines(sheet, { dryRun: true });
    expect(rehearsed.dryRun).to.equal(true);
    expect(await shop.products()).to.deep.equal(before);
    expect(await shop.store.catalog.categories()).to.deep.equal(categories);
    const report = await shop.importLines(sheet);
    const told = ({ rows, created, updated, skipped, errors, warnings }: typeof report) => ({
      rows,
      created,
      updated,
      skipped,
      errors,
      warnings,
    });
    expect(told(rehearsed)).to.deep.equal(told(report));
    expect(countsOf(report)).to.equal('2/3/0/2');
    expect(errorsOf(report)).to.deep.equal([
      '6 cup: The SKU "LEASH-R" is already that of row 2 (rope-leash)',
      '8 jug: The SKU "MUG" is already that of row 7 (mug)',
    ]);
  });

  it('tells the world of every product and every stock number that changed', async () => {
    const shop = aShopWithSheets();
    await shop.importLines([HEADER, ...LEASH, BOWL]);
    const created = shop.events();
    expect(created.map(({ type, payload }) => `${type} ${String(payload['slug'])}`)).to.deep.equal([
      'product.created rope-leash',
      'product.created bowl',
    ]);
    const [bowl, leash] = await shop.products();
    await shop.importLines([
      HEADER,
      ...LEASH.map(line => line.replace(',7,19.90', ',8,21.90')),
      BOWL.replace(',3,', ',4,'),
    ]);
    const events = shop.events().slice(2);
    expect(events.map(({ type, aggregateId }) => [type, aggregateId])).to.deep.equal([
      ['product.updated', leash!.id],
      ['inventory.changed', leash!.variants[0]!.id],
      ['inventory.changed', bowl!.variants[0]!.id],
    ]);
  });

  it('enters stock in the ledger as an import', async () => {
    const shop = aShopWithSheets();
    await shop.importLines([HEADER, BOWL]);
    await shop.importLines([HEADER, BOWL.replace(',3,', ',10,')]);
    const [variant] = (await shop.product('bowl')).variants;
    const { items } = await shop.store.inventory.ledger(variant!.id, { limit: 10 });
    expect(items.map(({ kind, delta, reason }) => [kind, delta, reason])).to.deep.equal([
      ['ADJUST', 7, 'import'],
      ['RECEIPT', 3, null],
    ]);
  });
});
