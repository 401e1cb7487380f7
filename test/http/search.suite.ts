import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { bought } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Product } from './shapes.ts';
import { fresh, type Shop, usd } from './shop.ts';

/** A shelf of its own with three bowls, and how to search just there. */
async function bowlShelf(shop: Shop) {
  const [word, { id: shelf }] = [fresh('marrowby').replace('-', ''), await shop.category()];
  const add = (facts: object) => shop.product({ category_id: shelf, ...facts });
  const crate = await add({ name: 'Crate', tags: ['bowl'], vendor: word, price: usd(9000) });
  const creme = await add({ name: 'Crème Bowl', vendor: word, price: usd(1500), stock: 0 });
  const steel = await add({
    name: 'Steel Bowl',
    vendor: word,
    variants: [
      { sku: fresh('STEEL-L'), price: usd(2500), stock: 0 },
      { sku: fresh('STEEL-S'), price: usd(2000), stock: 3 },
    ],
  });
  const search = async (query: string) => {
    const reply = await shop.anonymous.get<Product[]>(`/products?category=${shelf}&${query}`);
    return dataOf(reply).map(({ name }) => name);
  };
  return { shelf, word, crate, creme, steel, search };
}

export const searchSuite = shopSuite('A search', it => {
  it('finds words in name, vendor, tags and SKU, without regard to case and accents', async shop => {
    const { search, word, steel } = await bowlShelf(shop);
    expect(await search('q=CREME')).to.deep.equal(['Crème Bowl']);
    expect(await search(`q=${encodeURIComponent('crÈme bowl')}`)).to.deep.equal(['Crème Bowl']);
    expect(await search('q=bowl')).to.have.members(['Crate', 'Crème Bowl', 'Steel Bowl']);
    expect(await search(`q=${word}%20steel`)).to.deep.equal(['Steel Bowl']);
    expect(await search(`q=${steel.variants[0]!.sku.toLowerCase()}`)).to.deep.equal(['Steel Bowl']);
    expect(await search('q=steel%20crate')).to.deep.equal([]);
    for (const q of ['%25', '_', '%27', '%5C', '%27%3B--']) expect(await search(`q=${q}`), q).to.deep.equal([]);
  });

  it('sorts by time, price, name and relevance', async shop => {
    const { search } = await bowlShelf(shop);
    expect(await search('')).to.deep.equal(['Steel Bowl', 'Crème Bowl', 'Crate']);
    expect(await search('sort=newest')).to.deep.equal(['Steel Bowl', 'Crème Bowl', 'Crate']);
    expect(await search('sort=price')).to.deep.equal(['Crème Bowl', 'Steel Bowl', 'Crate']);
    expect(await search('sort=-price')).to.deep.equal(['Crate', 'Steel Bowl', 'Crème Bowl']);
    expect(await search('sort=name')).to.deep.equal(['Crate', 'Crème Bowl', 'Steel Bowl']);
    expect(await search('sort=relevance&q=bowl')).to.deep.equal(['Crème Bowl', 'Steel Bowl', 'Crate']);
    expect(outcome(await shop.anonymous.get('/products?sort=colour'))).to.equal('400 VALIDATION_ERROR');
  });

  it('filters by the lowest price of a product', async shop => {
    const { search } = await bowlShelf(shop);
    expect(await search('sort=price&min_price=2000')).to.deep.equal(['Steel Bowl', 'Crate']);
    expect(await search('sort=price&max_price=2000')).to.deep.equal(['Crème Bowl', 'Steel Bowl']);
    expect(await search('min_price=2000&max_price=2000')).to.deep.equal(['Steel Bowl']);
    expect(await search('min_price=2001&max_price=8999')).to.deep.equal([]);
    for (const query of ['min_price=-1', 'min_price=1.5', 'max_price=much', 'min_price=2&max_price=1'])
      expect(outcome(await shop.anonymous.get(`/products?${query}`)), query).to.equal('400 VALIDATION_ERROR');
  });

  it('filters by what is there, as it is at this moment', async shop => {
    const { search, steel } = await bowlShelf(shop);
    expect(await search('sort=name&in_stock=true')).to.deep.equal(['Crate', 'Steel Bowl']);
    expect(await search('in_stock=false')).to.deep.equal(['Crème Bowl']);
    await bought(await shop.customer(), steel.variants[1]!.id, { quantity: 3 });
    expect(await search('in_stock=true')).to.deep.equal(['Crate']);
    expect(outcome(await shop.anonymous.get('/products?in_stock=maybe'))).to.equal('400 VALIDATION_ERROR');
  });

  it('counts what it found by category, and tells the span of prices', async shop => {
    const { shelf } = await bowlShelf(shop);
    const below = await shop.category({ name: 'Below', parent_id: shelf });
    await shop.product({ category_id: below.id, name: 'Small Bowl', price: usd(500) });
    const facets = async (query: string) =>
      (await shop.anonymous.get(`/products?category=${shelf}&${query}`)).body.meta['facets'];
    const counted = (await facets('facets=category,price')) as {
      category: { id: string; count: number }[];
      price: object;
    };
    expect(counted.category.map(({ id, count }) => [id, count])).to.deep.equal([
      [shelf, 3],
      [below.id, 1],
    ]);
    expect(counted.price).to.deep.equal({ min: 500, max: 9000 });
    expect(await facets('facets=price&limit=1')).to.deep.equal({ price: { min: 500, max: 9000 } });
    expect(await facets('facets=price&q=nothing')).to.deep.equal({ price: null });
    expect(await facets('')).to.equal(undefined);
    expect(outcome(await shop.anonymous.get('/products?facets=colour'))).to.equal('400 VALIDATION_ERROR');
  });

  it('does not show drafts', async shop => {
    const { search, shelf } = await bowlShelf(shop);
    await shop.product({ category_id: shelf, name: 'Secret Bowl', status: 'draft' });
    expect(await search('q=secret')).to.deep.equal([]);
    const staff = await shop.staff();
    expect(dataOf(await staff.get<Product[]>(`/products?category=${shelf}&q=secret`))).to.deep.equal([]);
  });
});
