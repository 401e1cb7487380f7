import { expect } from 'chai';
import { DEMO_ACCOUNTS } from '../../config/demo-accounts.ts';
import { type Api, dataOf } from '../http/api.ts';
import { checkOut, putIntoCart } from '../http/buying.ts';
import type { Cart, Category, Order, Product, Receipt, SavedAddress, Variant } from '../http/shapes.ts';
import { ADDRESS, Shop } from '../http/shop.ts';

/** One day in the sample pet shop, from the first look to the parcel; each step goes on where the last one ended. */
describe('A shopper’s day', () => {
  let shop: Shop;
  let guest: Api;
  let ada: Api;
  let kibble: Product;
  let smallBag: Variant;
  let stew: Product;
  let cart: Cart;
  let receipt: Receipt;

  const leftOf = async ({ id }: Product): Promise<number> =>
    dataOf(await shop.anonymous.get<Product>(`/products/${id}`)).variants[0]!.available;

  before(async () => {
    shop = await Shop.open('memory:', { environment: { SEED_DEMO: 'true' } });
  });

  after(async () => shop.close());

  it('begins with a look at the shelves', async () => {
    const shelves = dataOf(await shop.anonymous.get<Category[]>('/categories'));
    const dogs = shelves.find(({ name }) => name === 'Dogs');
    const found = await shop.anonymous.get<Product[]>(
      `/products?category=${dogs!.id}&q=kibble&in_stock=true&sort=price`,
    );
    expect(dataOf(found)).to.have.length.above(1);
    kibble = dataOf(await shop.anonymous.get<Product>('/products/slug/chicken-brown-rice-kibble'));
    expect(kibble.name).to.equal('Chicken & Brown Rice Kibble');
    smallBag = kibble.variants[0]!;
    expect(smallBag).to.deep.include({
      options: { Size: '2 kg' },
      price: { amount: 1890, currency: 'USD' },
      available: 84,
    });
    stew = dataOf(await shop.anonymous.get<Product>('/products/slug/sunday-stew-cans'));
  });

  it('goes on with a cart, before anybody has asked for a name', async () => {
    guest = await shop.guest();
    await putIntoCart(guest, smallBag.id, 2);
    cart = await putIntoCart(guest, stew.variants[0]!.id);
    expect(cart.items.map(({ name, quantity }) => `${quantity} × ${name}`)).to.deep.equal([
      '2 × Chicken & Brown Rice Kibble (2 kg)',
      '1 × Sunday Stew Cans (Beef & Carrot / 6 cans)',
    ]);
    expect(cart.total).to.deep.equal({ amount: 2 * 1890 + 1980, currency: 'USD' });
    expect(await leftOf(kibble)).to.equal(84);
  });

  it('comes to an account, into which the cart comes along', async () => {
    const person = { email: 'ada@example.com', password: 'feeds-two-dogs' };
    dataOf(await shop.anonymous.post('/auth/register', { ...person, name: 'Ada' }));
    ada = (await shop.signIn(person, guest)).api;
    const mine = dataOf(await ada.get<Cart>('/carts/me'));
    expect(mine.items).to.deep.equal(cart.items);
    expect(dataOf(await guest.get<Cart>('/carts/me')).status).to.equal('ABANDONED');
  });

  it('has a second thought, and a third bag', async () => {
    cart = dataOf(await ada.delete<Cart>(`/carts/me/items/${stew.variants[0]!.id}`));
    cart = dataOf(await ada.patch<Cart>(`/carts/me/items/${smallBag.id}`, { quantity: 3 }));
    expect(cart.total).to.deep.equal({ amount: 5670, currency: 'USD' });
  });

  it('stumbles over a card that is declined, and loses nothing by it', async () => {
    const declined = await checkOut(ada, { payment_method: 'tok_insufficient_funds' });
    expect(declined.status).to.equal(402);
    expect(dataOf(await ada.get<Cart>('/carts/me')).items).to.deep.equal(cart.items);
    expect(await leftOf(kibble)).to.equal(84);
  });

  it('has its great moment at the till', async () => {
    const home = dataOf(await ada.post<SavedAddress>('/users/me/addresses', { ...ADDRESS, name: 'Ada' }));
    const purchase = { payment_method: 'tok_ok', address_id: home.id, expected_total: cart.total };
    const key = { 'Idempotency-Key': 'three-bags-of-kibble' };
    receipt = dataOf(await ada.post<Receipt>('/orders', purchase, key));
    expect(receipt).to.deep.include({ status: 'PAID', total: { amount: 5670, currency: 'USD' } });

    const pressedTwice = await ada.post<Receipt>('/orders', purchase, key);
    expect(pressedTwice.headers['idempotency-replayed']).to.equal('true');
    expect(pressedTwice.body.data).to.deep.equal(receipt);
  });

  it('shows in the order, in the empty cart, and on the shelf', async () => {
    const orders = dataOf(await ada.get<Order[]>('/orders'));
    expect(orders.map(({ order_number: number, status }) => `${number} ${status}`)).to.deep.equal([
      `${receipt.order_number} PAID`,
      ...orders.slice(1).map(({ order_number: number }) => `${number} CANCELLED`),
    ]);
    expect(dataOf(await ada.get<Cart>('/carts/me')).items).to.deep.equal([]);
    expect(await leftOf(kibble)).to.equal(81);
  });

  it('is work for the people behind the counter', async () => {
    const keeper = (await shop.signIn(DEMO_ACCOUNTS.admin)).api;
    const [waiting] = dataOf(await keeper.get<Order[]>(`/admin/orders?status=PAID&email=ada@example.com`));
    expect(waiting!.order_number).to.equal(receipt.order_number);
    expect(waiting!.shipping_address).to.include({ name: 'Ada', city: 'Lisbon' });
    const parcel = { carrier: 'Harbour Post', tracking_number: 'HP-2026-0001' };
    dataOf(await keeper.post(`/admin/orders/${waiting!.id}/ship`, parcel));

    const onItsWay = dataOf(await ada.get<Order>(`/orders/${receipt.order_id}`));
    expect(onItsWay).to.deep.include({ status: 'SHIPPED', shipment: parcel });
  });

  it('ends well: what is on its way cannot be called off, and arrives', async () => {
    const tooLate = await ada.post(`/orders/${receipt.order_id}/cancel`, undefined, { 'Idempotency-Key': 'too-late' });
    expect(tooLate.body.error.code).to.equal('INVALID_TRANSITION');
    const keeper = (await shop.signIn(DEMO_ACCOUNTS.admin)).api;
    dataOf(await keeper.post(`/admin/orders/${receipt.order_id}/deliver`, {}));
    expect(dataOf(await ada.get<Order>(`/orders/${receipt.order_id}`)).status).to.equal('DELIVERED');
  });
});
