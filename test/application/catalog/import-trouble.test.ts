import { expect } from 'chai';
import type { Collections, UnitOfWork } from '../../../application/ports/unit-of-work.ts';
import { Unavailable } from '../../../application/ports/unit-of-work.ts';
import { MOST_NOTES, failedRows } from '../../../domain/catalog/product-import.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { addCategory } from '../../support/stocking.ts';
import { aShopWithSheets, countsOf, errorsOf, inPieces } from '../../support/sheets.ts';

const HEADER = 'Handle,Title,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price';

/** A store in which something happens between the reading and the writing of products. */
const disturbed =
  (save: (products: Parameters<Collections['products']['save']>[0]) => void) =>
  (unitOfWork: UnitOfWork): UnitOfWork => ({
    run: work =>
      unitOfWork.run(collections => {
        const { products } = collections;
        const watched: Collections['products'] = {
          find: id => products.find(id),
          findByVariant: id => products.findByVariant(id),
          findBySlugs: slugs => products.findBySlugs(slugs),
          ownersOf: skus => products.ownersOf(skus),
          save: async given => {
            save(given);
            await products.save(given);
          },
        };
        return work({ ...collections, products: watched });
      }),
  });

/** 150 products, and then no more. */
async function* broken() {
  const lines = Array.from({ length: 150 }, (_, n) => `product-${n},Product,,,,SKU-${n},1`);
  yield* inPieces([HEADER, ...lines, ''].join('\n'));
  throw new Error('the line is dead');
}

describe('An import that meets trouble', () => {
  it('keeps the neighbours of a product whose SKU somebody else took just now', async () => {
    const shop = aShopWithSheets(
      disturbed(products => {
        const taken = products.flatMap(product => product.liveVariants()).some(({ sku }) => sku === 'LEASH-S');
        if (taken) throw new DomainError('conflict', 'SKU_TAKEN', 'The SKU LEASH-S is taken.', { sku: 'LEASH-S' });
      }),
    );
    const report = await shop.importLines([
      HEADER,
      'bowl,Bowl,,,,BOWL,5',
      'leash,Leash,,Size,L,LEASH-L,5',
      'leash,,,,S,LEASH-S,5',
      'cup,Cup,,,,CUP,5',
    ]);
    expect(errorsOf(report)).to.deep.equal(['4 leash: The SKU LEASH-S is taken.']);
    expect(countsOf(report)).to.equal('3/0/0/1');
    expect((await shop.products()).map(({ slug, variants }) => `${slug} ${variants.length}`)).to.deep.equal([
      'bowl 1',
      'cup 1',
      'leash 1',
    ]);
  });

  it('blames all rows of a product when no one of them is to blame', async () => {
    const shop = aShopWithSheets(
      disturbed(products => {
        if (products.some(product => product.snapshot().slug === 'leash'))
          throw new DomainError('conflict', 'SLUG_TAKEN', 'Something else has this slug already.', { slug: 'leash' });
      }),
    );
    const report = await shop.importLines([HEADER, 'leash,Leash,,Size,L,,5', 'leash,,,,S,,5', 'cup,Cup,,,,CUP,5']);
    expect(errorsOf(report)).to.deep.equal([
      '2 leash: Something else has this slug already.',
      '3 leash: Something else has this slug already.',
    ]);
    expect(countsOf(report)).to.equal('1/0/0/2');
  });

  it('finds the category that somebody else made in the meantime', async () => {
    let made = false;
    const shop = aShopWithSheets(unitOfWork => ({
      run: async work => {
        const result = await unitOfWork.run(work);
        if (!made && [...shop.store.tables.products.values()].length === 100) {
          made = true;
          await addCategory(add => unitOfWork.run(add), { name: 'Toys', slug: 'toys' });
        }
        return result;
      },
    }));
    const lines = Array.from(
      { length: 150 },
      (_, n) => `product-${n},Product,${n < 100 ? 'Food' : 'Toys'},,,SKU-${n},1`,
    );
    expect(countsOf(await shop.importLines([HEADER, ...lines]))).to.equal('150/0/0/0');
    expect((await shop.store.catalog.categories()).map(({ name }) => name)).to.deep.equal(['Food', 'Toys']);
  });

  it('counts nothing twice when the store makes it try again', async () => {
    const shop = aShopWithSheets(unitOfWork => ({
      run: async work => {
        const conflict = new Error('a write conflict');
        const attempt = unitOfWork.run(async collections => {
          await work(collections);
          throw conflict;
        });
        await attempt.catch((error: unknown) => {
          if (error !== conflict) throw error;
        });
        return unitOfWork.run(work);
      },
    }));
    const report = await shop.importLines([HEADER, 'bowl,Bowl,,,,BOWL,5', 'cup,Cup,,,,BOWL,5']);
    expect(countsOf(report)).to.equal('1/0/0/1');
    expect(errorsOf(report)).to.deep.equal(['3 cup: The SKU "BOWL" is already that of row 2 (bowl)']);
  });

  it('fails at a row that cannot be read, and keeps what came before', async () => {
    const shop = aShopWithSheets();
    const report = await shop.importLines([
      HEADER,
      'bowl,Bowl,,,,BOWL,5',
      'cup,"Cup" and,,,,CUP,5',
      'mug,Mug,,,,MUG,5',
    ]);
    expect(report).to.include({ status: 'failed', rows: 2 });
    expect(countsOf(report)).to.equal('1/0/0/1');
    expect(errorsOf(report)[0]).to.match(/^3 : has a quotation mark in the wrong place/);
    expect((await shop.products()).map(({ slug }) => slug)).to.deep.equal(['bowl']);
  });

  it('fails at once on a file that is no sheet of products', async () => {
    const shop = aShopWithSheets();
    for (const lines of [[''], ['Name,Price', 'Bowl,5']]) {
      const report = await shop.importLines(lines);
      expect(report.status).to.equal('failed');
      expect(report.errors.map(({ row }) => row)).to.deep.equal([1]);
      expect(await shop.store.productImports.find(report.id)).to.deep.equal(report);
    }
  });

  it('reports rows that cannot be read among the others', async () => {
    const shop = aShopWithSheets();
    const report = await shop.importLines([HEADER, 'bowl,Bowl,,,,BOWL,5', 'cup,Cup', 'mug,Mug,,,,MUG,5']);
    expect(report.status).to.equal('completed');
    expect(errorsOf(report)).to.deep.equal(['3 cup: has 2 cells where the header has 7']);
    expect(countsOf(report)).to.equal('2/0/0/1');
  });

  it('counts every failed row though it spells out only so many', async () => {
    const shop = aShopWithSheets();
    const lines = Array.from({ length: MOST_NOTES + 50 }, (_, n) => `product-${n},Product,,,,,free`);
    const report = await shop.importLines([HEADER, ...lines]);
    expect(report.errors).to.have.length(MOST_NOTES);
    expect(failedRows(report)).to.equal(MOST_NOTES + 50);
  });

  it('says in its report that the upload broke off, and lets the failure fly on', async () => {
    const shop = aShopWithSheets();
    const failure = await shop.importBytes(broken()).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.have.property('message', 'the line is dead');
    const [report] = [...shop.store.tables.productImports.values()];
    expect(report).to.include({ status: 'failed', rows: 100, created: 100 });
    expect(errorsOf(report!)).to.deep.equal(['0 : The import was interrupted: send the file again.']);
    expect(await shop.products()).to.have.length(100);
  });

  it('lets an outage of the store fly on', async () => {
    let away = false;
    const shop = aShopWithSheets(unitOfWork => ({
      run: work => (away ? Promise.reject(new Unavailable('The database is away.')) : unitOfWork.run(work)),
    }));
    async function* bytes() {
      yield Buffer.from(`${HEADER}\nbowl,Bowl,,,,BOWL,5\n`);
      away = true;
    }
    const failure = await shop.importBytes(bytes()).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(Unavailable);
  });
});
