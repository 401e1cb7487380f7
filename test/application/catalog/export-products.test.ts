import { expect } from 'chai';
import * as fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import type { ProductView } from '../../../application/ports/catalog-queries.ts';
import { Product } from '../../../domain/catalog/product.ts';
import { Sku } from '../../../domain/catalog/sku.ts';
import { ProductId, VariantId } from '../../../domain/shared/ids.ts';
import { ACT, aStockItem, nextId, usd } from '../../support/builders.ts';
import { aShopWithSheets, countsOf, errorsOf, inPieces } from '../../support/sheets.ts';
import { addCategory, addProduct } from '../../support/stocking.ts';

const records = (csv: string) => parse<Record<string, string>>(csv, { columns: true });

/** What a sheet can carry from one shop to another. */
const carried = (products: readonly ProductView[]) =>
  products.map(({ name, slug, description, vendor, tags, status, images, variants }) => {
    const product = { name, slug, description, vendor, tags, status, images };
    return { ...product, variants: variants.map(carriedVariant) };
  });

const carriedVariant = (variant: ProductView['variants'][number]) => {
  const { sku, name, options, onHand, price, compareAtPrice, barcode, grams } = variant;
  return { sku, name, options, onHand, price, compareAtPrice, barcode, grams };
};

describe('Exporting products', () => {
  it('writes a row for each variant and each further image, the product on the first', async () => {
    const shop = aShopWithSheets();
    const run = shop.store.unitOfWork.run.bind(shop.store.unitOfWork);
    const dogs = await addCategory(run, { name: 'Dogs' });
    const walk = await addCategory(run, { name: 'Walk', parentId: dogs.snapshot().id });
    await addProduct(run, {
      name: 'Rope Leash',
      slug: 'rope-leash',
      description: '<p>"Strong", so</p>\n<p>they say</p>',
      categoryId: walk.snapshot().id,
      vendor: 'Marrowby',
      tags: ['dog', 'walk'],
      images: ['a', 'b', 'c'].map(name => ({ src: `https://img.example/${name}.jpg`, alt: name.toUpperCase() })),
      variants: ['Red', 'Blue'].map(value => ({
        id: VariantId(nextId()),
        sku: Sku(`LEASH-${value}`),
        options: [{ name: 'Color', value }],
        price: usd(1990),
        compareAtPrice: value === 'Red' ? usd(2500) : null,
        grams: 300,
      })),
      stock: 7,
    });
    const rows = records(await shop.exported());
    expect(rows).to.have.length(3);
    expect(rows[0]).to.include({
      Handle: 'rope-leash',
      Title: 'Rope Leash',
      'Body (HTML)': '<p>"Strong", so</p>\n<p>they say</p>',
      Vendor: 'Marrowby',
      'Product Category': 'Dogs > Walk',
      Type: 'Walk',
      Tags: 'dog, walk',
      Published: 'TRUE',
      Status: 'active',
      'Option1 Name': 'Color',
      'Option1 Value': 'Red',
      'Variant SKU': 'LEASH-Red',
      'Variant Price': '19.90',
      'Variant Compare At Price': '25.00',
      'Variant Inventory Qty': '7',
      'Variant Inventory Policy': 'deny',
      'Variant Inventory Tracker': 'shopify',
      'Image Src': 'https://img.example/a.jpg',
      'Image Position': '1',
      'Image Alt Text': 'A',
    });
    expect(rows[1]).to.include({ Title: '', 'Option1 Name': '', 'Option1 Value': 'Blue', 'Image Position': '2' });
    expect(rows[2]).to.include({ Handle: 'rope-leash', 'Variant SKU': '', 'Variant Price': '', 'Image Position': '3' });
  });

  it('writes the header even for an empty shop', async () => {
    const csv = await aShopWithSheets().exported();
    expect(csv.split('\n')[0]).to.match(/^Handle,Title,Body \(HTML\),/);
    expect(records(csv)).to.deep.equal([]);
  });

  it('calls a variant without options as Shopify does, and a draft a draft', async () => {
    const shop = aShopWithSheets();
    await addProduct(w => shop.store.unitOfWork.run(w), { slug: 'bowl', status: 'draft' });
    expect(records(await shop.exported())[0]).to.include({
      'Option1 Name': 'Title',
      'Option1 Value': 'Default Title',
      Published: 'FALSE',
      Status: 'draft',
    });
  });

  it('writes cells that look like formulas as they are, so that they come back as they were', async () => {
    const shop = aShopWithSheets();
    await addProduct(w => shop.store.unitOfWork.run(w), {
      slug: 'formula',
      name: '=1+1',
      vendor: '@home',
      tags: ['+plus'],
      variants: [{ id: VariantId(nextId()), sku: Sku("'-30235"), price: usd(1) }],
    });
    const other = aShopWithSheets();
    await other.importBytes(inPieces(await shop.exported()));
    expect(carried(await other.products())).to.deep.equal(carried(await shop.products()));
  });

  it('gives what another shop can take in as it is, and what this shop finds nothing new in', async () => {
    await fc.assert(
      fc.asyncProperty(someProducts, async facts => {
        const shop = aShopWithSheets();
        await stocked(shop, facts);
        const before = await shop.products();
        const csv = await shop.exported();

        const again = await shop.importBytes(inPieces(csv, 1000));
        expect(errorsOf(again)).to.deep.equal([]);
        expect(countsOf(again)).to.equal(`0/0/${again.rows}/0`);
        expect(await shop.products()).to.deep.equal(before);

        const other = aShopWithSheets();
        const report = await other.importBytes(inPieces(csv, 1000));
        expect(countsOf(report)).to.equal(`${report.rows}/0/0/0`);
        expect(carried(await other.products())).to.deep.equal(carried(before));
        expect(await other.exported()).to.equal(csv);
      }),
      { numRuns: 60 },
    );
  });

  it('finds nothing new even in what a sheet can only half carry', async () => {
    const shop = aShopWithSheets();
    const run = shop.store.unitOfWork.run.bind(shop.store.unitOfWork);
    const odd = await addCategory(run, { name: 'Cats > Dogs ' });
    const options = ['Color', 'Size', 'Shape', 'Finish'].map(name => ({ name, value: ` ${name} ` }));
    await addProduct(run, {
      slug: 'odd-one',
      name: ' Odd ',
      description: '\n ',
      categoryId: odd.snapshot().id,
      vendor: ' Ours',
      tags: ['a, b', 'b', ''],
      images: [
        { src: 'https://img.example/a.jpg', alt: '' },
        { src: 'https://img.example/a.jpg', alt: 'twice' },
      ],
      variants: [
        { id: VariantId(nextId()), sku: Sku('A'), price: usd(1), name: 'Large' },
        { id: VariantId(nextId()), sku: Sku('B'), price: usd(1), name: 'Small', barcode: ' 978 ' },
        { id: VariantId(nextId()), sku: Sku('C'), price: usd(1), options },
        { id: VariantId(nextId()), sku: Sku('D'), price: usd(1), options: [{ name: 'Title', value: 'Default Title' }] },
      ],
    });
    const before = await shop.products();
    const report = await shop.importBytes(inPieces(await shop.exported()));
    expect(countsOf(report)).to.equal('0/0/4/0');
    expect(await shop.products()).to.deep.equal(before);
  });
});

const text = (maxLength: number) =>
  fc
    .oneof(
      fc.string({ unit: 'binary', maxLength }),
      fc.string({ unit: fc.constantFrom(...Array.from('ab,";\'=+-@\n\r\t ä犬🐕<>')), maxLength }),
    )
    .map(value => value.replaceAll('\0', '').trim());

const name = (maxLength: number) => text(maxLength).map(value => value || 'Nameless');
const amount = fc.nat(1_000_000).map(usd);

const someVariant = (optionNames: readonly string[]) =>
  fc.record({
    values: fc.tuple(...optionNames.map(() => name(12))),
    price: amount,
    compareAtPrice: fc.option(amount),
    barcode: fc.option(name(12)),
    grams: fc.option(fc.nat(100_000)),
    onHand: fc.nat(1_000),
    optionNames: fc.constant(optionNames),
  });

const someProduct = fc.subarray(['Color', 'Size', 'Shape']).chain(optionNames =>
  fc.record({
    name: name(40),
    description: text(200),
    vendor: text(20),
    tags: fc.uniqueArray(
      name(10)
        .map(tag => tag.replaceAll(',', ''))
        .filter(tag => tag.trim() === tag && tag !== ''),
      { maxLength: 4 },
    ),
    status: fc.constantFrom('active' as const, 'draft' as const),
    images: fc.uniqueArray(fc.record({ src: name(30), alt: text(20) }), { maxLength: 4, selector: ({ src }) => src }),
    variants: fc.array(someVariant(optionNames), { minLength: 1, maxLength: 4 }),
  }),
);

const someProducts = fc.array(someProduct, { minLength: 1, maxLength: 4 });
type SomeProducts = typeof someProducts extends fc.Arbitrary<infer Value> ? Value : never;

async function stocked({ store }: ReturnType<typeof aShopWithSheets>, facts: SomeProducts): Promise<void> {
  const run = store.unitOfWork.run.bind(store.unitOfWork);
  const dogs = await addCategory(run, { name: 'Dogs' });
  await run(async ({ products, stock }) => {
    for (const [index, { variants, ...product }] of facts.entries()) {
      const drafts = variants.map((variant, place) => ({
        ...variant,
        id: VariantId(nextId()),
        sku: Sku(`SKU-${index}-${place}`),
        options: variant.optionNames.map((option, at) => ({ name: option, value: variant.values[at]! })),
      }));
      const made = Product.create(
        {
          ...product,
          id: ProductId(nextId()),
          slug: `product-${index}`,
          categoryId: dogs.snapshot().id,
          variants: drafts,
        },
        ACT,
      );
      await products.save([made]);
      await stock.save(drafts.map(({ id, onHand }) => aStockItem(id, onHand)));
    }
  });
}
