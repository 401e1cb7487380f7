import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import type { Category, Product } from './shapes.ts';
import { fresh } from './shop.ts';

const NOWHERE = '00000000-0000-7000-8000-000000000000';

export const categoriesSuite = shopSuite('A category', it => {
  it('is made, shown, renamed and removed', async shop => {
    const admin = await shop.admin();
    const name = fresh('Crème & Brushes');
    const made = await admin.post<Category>('/categories', { name });
    expect(made.status).to.equal(201);
    const { id, slug } = made.body.data;
    expect(slug).to.match(/^creme-brushes-\d+$/);
    expect(made.headers.location).to.equal(`/api/v1/categories/${id}`);
    expect(dataOf(await shop.anonymous.get<Category>(`/categories/${id}`))).to.deep.equal(made.body.data);
    const renamed = await admin.patch<Category>(`/categories/${id}`, { name: `${name}!` });
    expect(renamed.body.data).to.deep.equal({ ...made.body.data, name: `${name}!`, version: 2 });
    expect(outcome(await admin.delete(`/categories/${id}`))).to.equal('204');
    expect(outcome(await shop.anonymous.get(`/categories/${id}`))).to.equal('404 NOT_FOUND');
    const all = dataOf(await shop.anonymous.get<Category[]>('/categories'));
    expect(all.map(category => category.id)).not.to.include(id);
  });

  it('stands in a tree, and its products are found from every branch above', async shop => {
    const dogs = await shop.category();
    const food = await shop.category({ parent_id: dogs.id });
    const dry = await shop.category({ parent_id: food.id });
    const cats = await shop.category();
    expect([dogs, food, dry].map(({ parent_id: parent }) => parent)).to.deep.equal([null, dogs.id, food.id]);
    const kibble = await shop.product({ category_id: dry.id });
    const stew = await shop.product({ category_id: food.id });
    const found = async (id: string) =>
      dataOf(await shop.anonymous.get<Product[]>(`/products?category=${id}`)).map(product => product.id);
    expect(await found(dogs.id)).to.have.members([kibble.id, stew.id]);
    expect(await found(food.id)).to.have.members([kibble.id, stew.id]);
    expect(await found(dry.id)).to.deep.equal([kibble.id]);
    expect(await found(cats.id)).to.deep.equal([]);
    expect(await found(NOWHERE)).to.deep.equal([]);
    const admin = await shop.admin();
    await admin.patch(`/categories/${dry.id}`, { parent_id: cats.id });
    expect(await found(cats.id)).to.deep.equal([kibble.id]);
    expect(await found(dogs.id)).to.deep.equal([stew.id]);
    expect(dataOf(await admin.patch<Category>(`/categories/${dry.id}`, { parent_id: null })).parent_id).to.equal(null);
  });

  it('is never its own ancestor', async shop => {
    const admin = await shop.admin();
    const top = await shop.category();
    const middle = await shop.category({ parent_id: top.id });
    const bottom = await shop.category({ parent_id: middle.id });
    for (const parent_id of [top.id, middle.id, bottom.id, NOWHERE]) {
      const reply = await admin.patch(`/categories/${top.id}`, { parent_id });
      expect(outcome(reply)).to.equal('400 VALIDATION_ERROR');
      expect(reply.body.error.details).to.have.all.keys('parent_id');
    }
    expect(outcome(await admin.post('/categories', { name: 'A', parent_id: NOWHERE }))).to.equal(
      '400 VALIDATION_ERROR',
    );
  });

  it('is not removed while anything stands in it', async shop => {
    const admin = await shop.admin();
    const top = await shop.category();
    const below = await shop.category({ parent_id: top.id });
    const product = await shop.product({ category_id: below.id });
    const refused = await admin.delete(`/categories/${top.id}`);
    expect(outcome(refused)).to.equal('409 CATEGORY_NOT_EMPTY');
    expect(refused.body.error.details).to.deep.equal({ products: 0, categories: 1 });
    expect(outcome(await admin.delete(`/categories/${below.id}`))).to.equal('409 CATEGORY_NOT_EMPTY');
    await admin.delete(`/products/${product.id}`);
    expect(outcome(await admin.delete(`/categories/${below.id}`))).to.equal('204');
    expect(outcome(await admin.delete(`/categories/${top.id}`))).to.equal('204');
    expect(outcome(await admin.delete(`/categories/${top.id}`))).to.equal('404 NOT_FOUND');
  });

  it('has a slug that no other has', async shop => {
    const admin = await shop.admin();
    const slug = fresh('dry-food');
    const first = dataOf(await admin.post<Category>('/categories', { name: 'Dry food', slug }));
    expect(outcome(await admin.post('/categories', { name: 'Other', slug }))).to.equal('409 SLUG_TAKEN');
    const other = await shop.category();
    expect(outcome(await admin.patch(`/categories/${other.id}`, { slug }))).to.equal('409 SLUG_TAKEN');
    await admin.delete(`/categories/${first.id}`);
    expect(outcome(await admin.patch(`/categories/${other.id}`, { slug }))).to.equal('200');
    for (const bad of ['Dry Food', 'dry--food', '-dry', '', 'x'.repeat(101)])
      expect(outcome(await admin.post('/categories', { name: 'A', slug: bad })), bad).to.equal('400 VALIDATION_ERROR');
  });
});
