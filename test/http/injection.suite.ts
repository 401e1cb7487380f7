import { expect } from 'chai';
import type { Reply } from './client.ts';
import { outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import type { Product } from './shapes.ts';
import { fresh } from './shop.ts';

/** Text that would change a statement if it were ever put into one. */
const SQL: readonly string[] = [
  `'`,
  `"`,
  `\\`,
  `' OR '1'='1`,
  `1) OR (1=1`,
  `'; DROP TABLE users; --`,
  `' UNION SELECT NULL,NULL,version() --`,
  `' AND 1=(SELECT 1 FROM pg_sleep(3)) --`,
  `(SELECT pg_sleep(3))`,
  `'||(SELECT pg_sleep(3))||'`,
  `1;SELECT pg_sleep(3)--`,
  `$$;SELECT pg_sleep(3);$$`,
  `\${pg_sleep(3)}`,
  `:name ?? $1 ?`,
  `price; --`,
  `price DESC, (CASE WHEN 1=1 THEN 1 ELSE 1/0 END)`,
  `/**/OR/**/1=1`,
];

/** No statement sleeps because somebody says so; a busy machine may still take its time. */
const ASLEEP_MS = 2500;

const DATABASE_WORDS = /syntax error|unterminated|pg_|relation|column|operator does not exist|PostgreSQL/;

const awake = async (asked: Promise<Reply>, what: string): Promise<Reply> => {
  const start = performance.now();
  const reply = await asked;
  expect(performance.now() - start, what).to.be.below(ASLEEP_MS);
  expect(reply.status, what).to.be.below(500);
  if (reply.status >= 400) expect(reply.body.error.message, what).not.to.match(DATABASE_WORDS);
  return reply;
};

export const injectionSuite = shopSuite('A statement', it => {
  it('is never changed by what stands in an address', async shop => {
    const admin = await shop.admin();
    const places: readonly string[] = [
      '/products?q=',
      '/products?sort=',
      '/products?cursor=',
      '/products?category=',
      '/products?min_price=',
      '/products?facets=',
      '/products?limit=',
      '/products/',
      '/products/slug/',
      '/categories/',
      '/orders?cursor=',
      '/admin/orders?email=',
      '/admin/orders?status=',
      '/admin/orders?order_number=',
      '/admin/inventory?sku=',
      '/admin/users?cursor=',
    ];
    for (const place of places)
      await Promise.all(SQL.map(text => awake(admin.get(`${place}${encodeURIComponent(text)}`), `${place}${text}`)));
  });

  it('nor by headers, values of a body or the names in it', async shop => {
    const customer = await shop.customer();
    for (const text of SQL) {
      for (const name of ['If-Match', 'Idempotency-Key', 'X-Request-Id', 'X-Cart-Token'])
        await awake(customer.patch('/users/me', { name: 'Ada' }, { [name]: text }), `${name}: ${text}`);
      await awake(shop.anonymous.get('/carts/me', { 'X-Cart-Token': text }), text);
      await awake(shop.anonymous.post('/auth/login', { email: text, password: text }), text);
      await awake(customer.patch('/users/me', { [text]: 1 }), text);
      const renamed = await awake(customer.patch<{ name: string }>('/users/me', { name: text }), text);
      expect(renamed.body.data).to.include({ name: text });
    }
    const { options } = (
      await shop.product({ variants: [{ price: { amount: 1, currency: 'USD' }, options: { [SQL[3]!]: SQL[5]! } }] })
    ).variants[0]!;
    expect(options).to.deep.equal({ [SQL[3]!]: SQL[5]! });
  });

  it('searches for percent signs and underscores themselves', async shop => {
    const word = fresh('Wild').replaceAll('-', '');
    await shop.product({ name: `${word} 100% cotton` });
    await shop.product({ name: `${word} snake_case` });
    const found = async (q: string) =>
      (await shop.anonymous.get<Product[]>(`/products?q=${encodeURIComponent(q)}`)).body.data.length;
    expect(await found(word)).to.equal(2);
    for (const q of [`${word} %%`, `${word} _____`, `${word.slice(0, 3)}%${word.slice(-1)}`, `${word} c_tton`])
      expect(await found(q), q).to.equal(0);
  });

  it('and whoever checks texts takes no longer than they are long', async shop => {
    const customer = await shop.customer();
    const admin = await shop.admin();
    const pieces = ['a', 'a-', 'a.', '@', ' ', '\t', '"', '(', 'a@a.', '0', '-', ',', 'é'];
    for (const piece of pieces) {
      const long = `${piece.repeat(Math.ceil(50_000 / piece.length))}!`;
      const start = performance.now();
      await shop.anonymous.post('/auth/login', { email: long, password: 'x' });
      await shop.anonymous.post('/auth/register', { email: long, password: 'nine-lives-and-more', name: long });
      await admin.post('/products', { name: 'A', slug: long, category_id: long });
      await customer.post('/users/me/addresses', { name: long, line1: long, country: long });
      const query = encodeURIComponent(long).slice(0, 12_000).replace(/%.?$/, '');
      expect(outcome(await shop.anonymous.get(`/products?q=${query}`)), piece).to.equal('400 VALIDATION_ERROR');
      await shop.anonymous.get('/products', { Accept: long.replaceAll(/[^\x20-\x7e]/g, 'x').slice(0, 12_000) });
      await customer.patch('/users/me', { name: 'A' }, { 'If-Match': `"${'"'.repeat(6000)}` });
      // Seven requests: what is quadratic in 50 kB takes seconds for each.
      expect(performance.now() - start, piece).to.be.below(ASLEEP_MS);
    }
  });
});
