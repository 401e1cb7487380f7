import { expect } from 'chai';
import { MOST_VARIANTS, Product } from '../../../domain/catalog/product.ts';
import { Sku } from '../../../domain/catalog/sku.ts';
import { Currency } from '../../../domain/shared/currency.ts';
import { CategoryId, ProductId, UserId, VariantId } from '../../../domain/shared/ids.ts';
import { Money } from '../../../domain/shared/money.ts';
import { actAt, aProduct, aVariant, NOON, skuOf, usd, variantOf } from '../../support/builders.ts';
import { codeOf, refusal } from '../../support/refusing.ts';

const LEASH = ProductId('019cae1f-f000-7000-8000-0000004ea511');
const BLUE = VariantId('019cae1f-f000-7000-8000-0000000b1e00');
const RED = VariantId('019cae1f-f000-7000-8000-00000000ed00');
const ANN = UserId('019cae1f-f000-7000-8000-0000000000aa');
const act = actAt(60, ANN);

const leash = (): Product =>
  aProduct({
    id: LEASH,
    name: 'Rope Leash',
    variants: [aVariant({ id: BLUE, sku: Sku('LEASH-BLUE') }), aVariant({ id: RED, sku: Sku('LEASH-RED') })],
  });

describe('A product', () => {
  it('has a sensible default for what nobody said', () => {
    const categoryId = CategoryId('019cae1f-f000-7000-8000-0000000000ca');
    const product = aProduct({ id: LEASH, name: 'Rope Leash', categoryId, variants: [aVariant({ id: BLUE })] });
    const { variants, ...rest } = product.snapshot();
    expect(rest).to.deep.include({ slug: 'rope-leash-4ea511', description: '', vendor: '', tags: [], images: [] });
    expect(rest).to.include({ categoryId, status: 'active', deletedAt: null, version: 1 });
    expect(variants).to.have.lengthOf(1);
    expect(variants[0]).to.deep.include({ id: BLUE, sku: 'ROPE-LEASH-000B1E00', name: 'Default', options: [] });
    expect(variants[0]).to.include({ compareAtPrice: null, barcode: null, grams: null, deletedAt: null, version: 1 });
  });

  it('gets a slug even when its name has no letter of the Latin alphabet', () => {
    expect(aProduct({ id: LEASH, name: '犬のリード' }).snapshot().slug).to.equal('product-4ea511');
    expect(aProduct({ slug: 'my-own' }).snapshot().slug).to.equal('my-own');
  });

  it('has prices of one currency, so that one of them is the lowest', () => {
    const euros = Money.of(100, Currency('EUR'));
    const mixed = 'CURRENCY_MISMATCH';
    expect(codeOf(() => aProduct({ variants: [aVariant(), aVariant({ price: euros })] }))).to.equal(mixed);
    expect(codeOf(() => aProduct({ variants: [aVariant({ compareAtPrice: euros })] }))).to.equal(mixed);
    expect(codeOf(() => leash().addVariants([aVariant({ price: euros })], act))).to.equal(mixed);
    expect(codeOf(() => leash().changeVariant(RED, { price: euros }, act))).to.equal(mixed);
    const single = leash();
    single.deleteVariant(RED, act);
    single.changeVariant(BLUE, { price: euros }, act);
    expect(single.variant(BLUE).price.equals(euros)).to.equal(true);
  });

  it('changes what is said and keeps the rest', () => {
    const product = leash();
    product.change({ name: 'Rope Lead', status: 'draft' }, act);
    expect(product.snapshot()).to.include({ name: 'Rope Lead', status: 'draft', version: 2, updatedBy: ANN });
    expect(product.snapshot()).to.deep.include({ slug: 'rope-leash-4ea511', createdAt: NOON });
  });

  it('takes its SKUs along when it is deleted, so that they are free again', () => {
    const product = leash();
    product.deleteVariant(RED, act);
    product.delete(actAt(120, ANN));
    expect(product.liveVariants()).to.deep.equal([]);
    expect(product.snapshot()).to.deep.include({ deletedAt: actAt(120).at, version: 3 });
    expect(product.snapshot().variants.map(variant => [variant.sku, variant.deletedAt])).to.deep.equal([
      ['LEASH-BLUE', actAt(120).at],
      ['LEASH-RED', act.at],
    ]);
  });

  it('tells when it is made, changed and deleted, with its version', () => {
    const product = leash();
    const told = () => [product.updated().type, product.updated().aggregateVersion];
    expect(told()).to.deep.equal(['product.created', 1]);
    product.change({ name: 'Rope Lead' }, act);
    expect(told()).to.deep.equal(['product.updated', 2]);
    product.changeVariant(BLUE, { price: usd(1) }, act);
    expect(told()).to.deep.equal(['product.updated', 3]);
    product.delete(act);
    expect(product.updated()).to.deep.equal({
      type: 'product.deleted',
      aggregateType: 'product',
      aggregateId: LEASH,
      aggregateVersion: 4,
      payload: { product_id: LEASH, slug: 'rope-leash-4ea511' },
    });
  });
});

describe('The variants of a product', () => {
  it('are called by their options, unless they have a name', () => {
    const options = [
      { name: 'Colour', value: 'Blue' },
      { name: 'Size', value: 'L' },
    ];
    const product = aProduct({ variants: [aVariant({ options }), aVariant({ options, name: 'Big blue' })] });
    expect(product.liveVariants().map(variant => variant.name)).to.deep.equal(['Blue / L', 'Big blue']);
  });

  it('come, and count as a change of the product', () => {
    const product = leash();
    const green = aVariant({ sku: Sku('LEASH-GREEN') });
    product.addVariants([green], act);
    expect(product.liveVariants().map(variant => variant.sku)).to.deep.equal([
      'LEASH-BLUE',
      'LEASH-RED',
      'LEASH-GREEN',
    ]);
    expect(product.snapshot().version).to.equal(2);
    expect(product.variant(green.id)).to.include({ version: 1, createdBy: ANN });
  });

  it('change one by one, each with its own version', () => {
    const product = leash();
    product.changeVariant(RED, { price: usd(500), grams: 120 }, act, 1);
    expect(product.variant(RED)).to.deep.include({ price: usd(500), grams: 120, sku: 'LEASH-RED', version: 2 });
    expect(product.variant(BLUE).version).to.equal(1);
    expect(codeOf(() => product.changeVariant(RED, {}, act, 1))).to.equal('PRECONDITION_FAILED');
    expect(codeOf(() => product.deleteVariant(RED, act, 1))).to.equal('PRECONDITION_FAILED');
  });

  it('go, but stay on record', () => {
    const product = leash();
    product.deleteVariant(BLUE, act);
    expect(product.liveVariants().map(variant => variant.id)).to.deep.equal([RED]);
    expect(product.snapshot().variants[0]).to.deep.include({ id: BLUE, deletedAt: act.at, version: 2 });
    for (const attempt of [
      () => product.variant(BLUE),
      () => product.changeVariant(BLUE, {}, act),
      () => product.deleteVariant(BLUE, act),
    ])
      expect(codeOf(attempt)).to.equal('NOT_FOUND');
  });

  it('never all go: the last one stays as long as the product', () => {
    const product = leash();
    product.deleteVariant(BLUE, act);
    const { kind, code } = refusal(() => product.deleteVariant(RED, act));
    expect({ kind, code }).to.deep.equal({ kind: 'invalid', code: 'LAST_VARIANT' });
    expect(product.liveVariants()).to.have.lengthOf(1);
  });

  it('are at most 250, not counting those that went', () => {
    expect(MOST_VARIANTS).to.equal(250);
    const full = aProduct({ variants: Array.from({ length: 250 }, () => aVariant()) });
    const one = variantOf(full);
    expect(codeOf(() => Product.restore(full.snapshot()).addVariants([aVariant()], act))).to.equal('TOO_MANY_VARIANTS');
    full.deleteVariant(one, act);
    full.addVariants([aVariant()], act);
    expect(full.liveVariants()).to.have.lengthOf(250);
    expect(codeOf(() => aProduct({ variants: Array.from({ length: 251 }, () => aVariant()) }))).to.equal(
      'TOO_MANY_VARIANTS',
    );
  });
});

const skuFor = (name: string): Sku => skuOf(aProduct({ name, variants: [aVariant({ id: BLUE })] }));

describe('A SKU', () => {
  it('is what the shop says it is, trimmed', () => {
    expect(Sku('  Mug 01/ß ')).to.equal('Mug 01/ß');
    expect([Sku('7'), Sku('x'.repeat(100))].map(sku => sku.length)).to.deep.equal([1, 100]);
  });

  for (const text of ['', '   ', 'x'.repeat(101), 'a\u0000b', 'a\nb', 'a\u007fb'])
    it(`is not ${JSON.stringify(text.slice(0, 20))}`, () => {
      expect(codeOf(() => Sku(text))).to.equal('VALIDATION_ERROR');
    });

  it('is suggested from the name and the end of the id', () => {
    expect(skuFor('Crème brûlée')).to.equal('CREME-BRULEE-000B1E00');
    expect(skuFor('犬')).to.equal('ITEM-000B1E00');
    expect(skuFor('a very long name that goes on')).to.equal('A-VERY-LONG-NAME-THAT-GO-000B1E00');
    expect(skuFor('exactly twenty-three ch x')).to.equal('EXACTLY-TWENTY-THREE-CH-000B1E00');
  });
});
