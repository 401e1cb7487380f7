import { expect } from 'chai';
import { MOST_VARIANTS } from '../../../domain/catalog/product.ts';
import { aShopWithSheets, countsOf, errorsOf, warningsOf } from '../../support/sheets.ts';

const HEADER = 'Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price,Image Src';

const aShop = async (...lines: string[]) => {
  const shop = aShopWithSheets();
  const report = await shop.importLines([HEADER, ...lines]);
  const variants = async (handle: string) =>
    (await shop.product(handle)).variants.map(
      ({ sku, options, price }) => `${sku} ${options.map(({ value }) => value).join('/')} ${price.toDecimal()}`,
    );
  return { ...shop, report, variants };
};

describe('Matching the rows of a sheet with variants', () => {
  it('knows a variant by its SKU, though its options have other values now', async () => {
    const shop = await aShop('leash,Leash,Size,L,,,SKU-1,5,', 'leash,,,S,,,SKU-2,5,');
    await shop.importLines([HEADER, 'leash,Leash,Size,S,,,SKU-1,6,', 'leash,,,L,,,SKU-2,6,']);
    expect(await shop.variants('leash')).to.deep.equal(['SKU-1 S 6.00', 'SKU-2 L 6.00']);
  });

  it('knows a variant without a SKU by its options, and lets it keep the one that the shop made up', async () => {
    const lines = ['leash,Leash,Size,L,Color,Red,,5,', 'leash,,,S,,Red,,5,'];
    const shop = await aShop(...lines);
    const before = await shop.product('leash');
    expect(countsOf(await shop.importLines([HEADER, ...lines]))).to.equal('0/0/2/0');
    const turned = ['leash,Leash,Color,Red,Size,L,,6,', 'leash,,,Red,,S,,6,'];
    expect(countsOf(await shop.importLines([HEADER, ...turned]))).to.equal('0/2/0/0');
    const after = await shop.product('leash');
    expect(after.variants.map(({ id, sku }) => [id, sku])).to.deep.equal(
      before.variants.map(({ id, sku }) => [id, sku]),
    );
  });

  it('gives a variant its first own SKU by its options', async () => {
    const shop = await aShop('leash,Leash,Size,L,,,,5,');
    const [before] = (await shop.product('leash')).variants;
    await shop.importLines([HEADER, 'leash,Leash,Size,L,,,LEASH-L,5,']);
    const after = (await shop.product('leash')).variants;
    expect(after.map(({ id, sku }) => [id, sku])).to.deep.equal([[before!.id, 'LEASH-L']]);
  });

  it('takes the only variant for meant when a sheet names neither SKU nor options', async () => {
    const shop = await aShop('bowl,Bowl,,,,,BOWL,5,', 'leash,Leash,Size,L,,,L,5,', 'leash,,,S,,,S,5,');
    const report = await shop.importLines(['Handle,Variant Price', 'bowl,6', 'leash,6', 'cup,6']);
    expect(countsOf(report)).to.equal('1/1/0/1');
    expect(errorsOf(report)).to.deep.equal([
      '3 leash: says neither a SKU nor options, and the product has several variants',
    ]);
    expect(await shop.variants('bowl')).to.deep.equal(['BOWL  6.00']);
  });

  it('adds variants that are new and keeps those that the sheet does not mention', async () => {
    const shop = await aShop('leash,Leash,Size,L,,,SKU-1,5,');
    expect(countsOf(await shop.importLines([HEADER, 'leash,Leash,Size,S,,,SKU-2,5,']))).to.equal('0/1/0/0');
    expect(await shop.variants('leash')).to.deep.equal(['SKU-1 L 5.00', 'SKU-2 S 5.00']);
  });

  it('makes a new variant of an unknown SKU only where the sheet says its options', async () => {
    const shop = await aShop('leash,Leash,Size,L,,,SKU-1,5,');
    const report = await shop.importLines(['Handle,Variant SKU,Variant Price', 'leash,SKU-9,5', 'bowl,SKU-8,5']);
    expect(errorsOf(report)).to.deep.equal([
      '2 leash: The SKU "SKU-9" is not known, and the sheet has no options for a new one',
    ]);
    expect(countsOf(report)).to.equal('1/0/0/1');
  });

  it('allows variants with the same options when their SKUs tell them apart, also across the file', async () => {
    const lines = [
      'leash,Leash,Size,L,,,SKU-1,5,',
      'leash,,,L,,,SKU-2,6,',
      'bowl,Bowl,,,,,,1,',
      'leash,,,L,,,SKU-3,7,',
    ];
    const shop = await aShop(...lines);
    expect(countsOf(shop.report)).to.equal('3/1/0/0');
    expect(await shop.variants('leash')).to.deep.equal(['SKU-1 L 5.00', 'SKU-2 L 6.00', 'SKU-3 L 7.00']);
    expect(countsOf(await shop.importLines([HEADER, ...lines]))).to.equal('0/0/4/0');
  });

  it('refuses a row that nothing tells from another of its product', async () => {
    const shop = await aShop('leash,Leash,Size,L,,,,5,', 'leash,,,L,,,,6,', 'leash,,,S,,,,6,');
    expect(errorsOf(shop.report)).to.deep.equal([
      '3 leash: has the same options as row 2, and no SKU to tell them apart',
    ]);
    expect(countsOf(shop.report)).to.equal('2/0/0/1');
  });

  it('refuses a SKU that another product has, by name or by row, and takes in the other rows', async () => {
    const shop = await aShop('bowl,Bowl,,,,,BOWL,5,');
    const lines = [
      'leash,Leash,Size,L,,,BOWL,5,',
      'leash,,,S,,,LEASH-S,5,',
      'lead,Lead,Size,S,,,LEASH-S,5,',
      'lead,,,,,,,,https://img.example/lead.jpg',
    ];
    const report = await shop.importLines([HEADER, ...lines]);
    const errors = [
      '2 leash: The SKU "BOWL" is already that of the product "bowl"',
      '4 lead: The SKU "LEASH-S" is already that of row 3 (leash)',
      '5 lead: belongs to a product that is not there, and no row of it has a variant that could be taken in',
    ];
    expect(errorsOf(report)).to.deep.equal(errors);
    expect(countsOf(report)).to.equal('1/0/0/3');
    expect(await shop.variants('leash')).to.deep.equal(['LEASH-S S 5.00']);
    const again = await shop.importLines([HEADER, ...lines]);
    expect(errorsOf(again)).to.deep.equal(errors);
    expect(countsOf(again)).to.equal('0/0/1/3');
  });

  it('refuses a SKU that an earlier row of the product has', async () => {
    const shop = await aShop('leash,Leash,Size,L,,,SKU-1,5,', 'leash,,,S,,,SKU-1,5,', 'leash,,,M,,,SKU-2,5,');
    expect(errorsOf(shop.report)).to.deep.equal(['3 leash: The SKU "SKU-1" is already that of row 2']);
    expect(await shop.variants('leash')).to.deep.equal(['SKU-1 L 5.00', 'SKU-2 M 5.00']);
    const again = await shop.importLines([
      HEADER,
      'leash,Leash,Size,L,,,SKU-1,5,',
      'bowl,Bowl,,,,,,1,',
      'leash,,,S,,,SKU-1,5,',
    ]);
    expect(errorsOf(again)).to.deep.equal(['4 leash: The SKU "SKU-1" is already that of row 2 (leash)']);
  });

  it('lets the last row count when a sheet repeats a variant, and says so', async () => {
    const shop = await aShop('leash,Leash,Size,L,,,SKU-1,5,', 'leash,,,L,,,SKU-1,6,');
    expect(countsOf(shop.report)).to.equal('2/0/0/0');
    expect(warningsOf(shop.report)).to.deep.equal(['3 leash: says the variant of row 2 again: this row counts']);
    expect(await shop.variants('leash')).to.deep.equal(['SKU-1 L 6.00']);
  });

  it('frees the SKUs of a product that was deleted', async () => {
    const shop = await aShop('bowl,Bowl,,,,,BOWL,5,');
    const { id } = await shop.product('bowl');
    await shop.store.unitOfWork.run(async ({ products }) => {
      const bowl = await products.find(id);
      bowl!.delete({ at: new Date('2026-03-02T13:00:00Z'), by: null });
      await products.save([bowl!]);
    });
    const report = await shop.importLines([HEADER, 'bowl,Bowl,,,,,,5,', 'cup,Cup,,,,,BOWL,5,']);
    expect(countsOf(report)).to.equal('2/0/0/0');
    expect((await shop.product('bowl')).id).to.not.equal(id);
  });

  it('fills a product up to the most variants it may have, and refuses the rows beyond', async () => {
    const lines = Array.from({ length: MOST_VARIANTS + 2 }, (_, n) => `leash,,Size,${n},,,SKU-${n},5,`);
    const shop = await aShop('leash,Leash,Size,first,,,,5,', ...lines.slice(0, 100));
    const report = await shop.importLines([HEADER, ...lines]);
    expect(countsOf(report)).to.equal('0/249/0/3');
    expect(errorsOf(report)[0]).to.equal('251 leash: is one too many: a product has at most 250 variants');
    expect(await shop.variants('leash')).to.have.length(MOST_VARIANTS);
  });
});
