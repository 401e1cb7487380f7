import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, dataOf, outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import type { ImportReport, Product } from './shapes.ts';
import { fresh, usd } from './shop.ts';

const CSV = { 'Content-Type': 'text/csv' };
const HEADER =
  'Handle,Title,Product Category,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Status';
const path = '/admin/imports/products';

const send = (staff: Api, lines: readonly string[], query = '') =>
  staff.send<ImportReport>({ method: 'POST', path: `${path}${query}`, headers: CSV, body: `${lines.join('\n')}\n` });

async function ended(staff: Api, id: string): Promise<ImportReport> {
  for (const giveUp = Date.now() + 10_000; Date.now() < giveUp; await sleep(5)) {
    const report = dataOf(await staff.get<ImportReport>(`/admin/imports/${id}`));
    if (report.status === 'completed' || report.status === 'failed') return report;
  }
  throw new Error('This import does not end.');
}

const imported = async (...given: Parameters<typeof send>): Promise<ImportReport> =>
  ended(given[0], dataOf(await send(...given)).id);

/** Two variants of a leash and one bowl. */
function sheet() {
  const [leash, bowl, sku] = [fresh('leash'), fresh('bowl'), fresh('IMPORTED').toUpperCase()];
  const lines = [
    HEADER,
    `${leash},Rope Leash,Dogs > Walking,Length,1 m,${sku}-1,shopify,5,12.50,active`,
    `${leash},,,,2 m,${sku}-2,shopify,0,15,`,
    `${bowl},Bowl,Dogs,Title,Default Title,${sku}-3,shopify,9,7.99,active`,
  ];
  return { leash, bowl, sku, lines };
}

export const importsSuite = shopSuite('An import', it => {
  it('is taken at once, carried out behind the scenes, and can be asked about', async shop => {
    const [staff, { leash, sku, lines }] = [await shop.staff(), sheet()];
    const taken = await send(staff, lines);
    expect(taken.status).to.equal(202);
    expect(taken.body.data).to.include({ status: 'pending', dry_run: false, rows: 0 });
    expect(taken.headers.location).to.equal(`/api/v1/admin/imports/${taken.body.data.id}`);
    const report = await ended(staff, taken.body.data.id);
    expect(report).to.deep.include({
      status: 'completed',
      rows: 3,
      created: 3,
      updated: 0,
      skipped: 0,
      failed: 0,
      errors: [],
    });
    const product = dataOf(await shop.anonymous.get<Product>(`/products/slug/${leash}`));
    expect(product).to.deep.include({ name: 'Rope Leash', price: usd(1250) });
    expect(product.variants.map(({ sku: code, options, available }) => [code, options, available])).to.deep.equal([
      [`${sku}-1`, { Length: '1 m' }, 5],
      [`${sku}-2`, { Length: '2 m' }, 0],
    ]);
  });

  it('that comes again doubles nothing, and takes in just what has changed', async shop => {
    const [staff, { bowl, lines }] = [await shop.staff(), sheet()];
    await imported(staff, lines);
    expect(await imported(staff, lines)).to.include({ rows: 3, created: 0, updated: 0, skipped: 3, failed: 0 });
    const dearer = lines.map(line => line.replace('7.99', '8.99'));
    expect(await imported(staff, dearer)).to.include({ rows: 3, created: 0, updated: 1, skipped: 2 });
    const product = dataOf(await shop.anonymous.get<Product>(`/products/slug/${bowl}`));
    expect(product.price).to.deep.equal(usd(899));
  });

  it('can be tried without keeping anything', async shop => {
    const [staff, { leash, lines }] = [await shop.staff(), sheet()];
    const tried = await imported(staff, lines, '?dry_run=true');
    expect(tried).to.include({ status: 'completed', dry_run: true, rows: 3, created: 3 });
    expect(outcome(await shop.anonymous.get(`/products/slug/${leash}`))).to.equal('404 NOT_FOUND');
    expect(outcome(await send(staff, lines, '?dry_run=perhaps'))).to.equal('400 VALIDATION_ERROR');
  });

  it('names each bad row and takes in the others', async shop => {
    const [staff, { lines, leash, bowl }] = [await shop.staff(), sheet()];
    const report = await imported(staff, [...lines, `${fresh('dish')},Dish,Dogs,,,,shopify,1,much,active`]);
    expect(report).to.include({ status: 'completed', rows: 4, created: 3, failed: 1 });
    expect(report.errors.map(({ row }) => row)).to.deep.equal([5]);
    for (const slug of [leash, bowl])
      expect(outcome(await shop.anonymous.get(`/products/slug/${slug}`)), slug).to.equal('200');
  });

  it('of broken CSV fails, and names the row', async shop => {
    const [staff, { lines }] = [await shop.staff(), sheet()];
    const report = await imported(staff, [...lines, `${fresh('dish')},"Dish that never ends,Dogs`]);
    expect(report.status).to.equal('failed');
    expect(report.errors.map(({ row }) => row)).to.deep.equal([5]);
    expect(report.errors[0]!.message).to.be.a('string').with.length.above(10);
  });

  it('of something that is no product list fails with the reason', async shop => {
    const staff = await shop.staff();
    for (const lines of [[''], ['Name,Price', 'Bowl,7.99'], ['\u0000']]) {
      const report = await imported(staff, lines);
      expect(report.status, JSON.stringify(lines)).to.equal('failed');
      expect(report.errors, JSON.stringify(lines)).to.have.length.above(0);
    }
    const latin = dataOf(
      await staff.send<ImportReport>({
        method: 'POST',
        path,
        headers: CSV,
        body: Buffer.from(`${HEADER}\ncafe,Caf\u00e9,Dogs,,,,shopify,1,7.99,active\n`, 'latin1'),
      }),
    );
    const report = await ended(staff, latin.id);
    expect(report.errors).to.have.length.above(0);
    expect(report).to.include({ created: 0 });
  });

  it('must be text/csv in UTF-8', async shop => {
    const staff = await shop.staff();
    for (const type of [
      'application/json',
      'text/plain',
      'text/csv; charset=latin1',
      'multipart/form-data; boundary=x',
    ]) {
      const reply = await staff.send({ method: 'POST', path, headers: { 'Content-Type': type }, body: HEADER });
      expect(outcome(reply), type).to.equal('415 UNSUPPORTED_MEDIA_TYPE');
    }
    expect(outcome(await staff.send({ method: 'POST', path, body: HEADER }))).to.equal('415 UNSUPPORTED_MEDIA_TYPE');
    const spelt = { 'Content-Type': 'Text/CSV; Charset=UTF-8; header=present' };
    expect((await staff.send({ method: 'POST', path, headers: spelt, body: HEADER })).status).to.equal(202);
  });

  it('may have 20 MB and not more, with its length announced or not', async shop => {
    const staff = await shop.staff();
    const megabyte = Buffer.alloc(1_000_000, 'x');
    const tooMuch = Array.from({ length: 20 }, () => megabyte).concat(Buffer.from('x'));
    const chunked = await staff.send({ method: 'POST', path, headers: CSV, body: tooMuch });
    expect(outcome(chunked)).to.equal('413 PAYLOAD_TOO_LARGE');
    const announced = await staff.send({ method: 'POST', path, headers: CSV, body: Buffer.concat(tooMuch) });
    expect(outcome(announced)).to.equal('413 PAYLOAD_TOO_LARGE');
  });

  it('finds nothing new in an export', async (_shared, street) => {
    const shop = await street.another({});
    const [staff, { leash, lines }] = [await shop.staff(), sheet()];
    await imported(staff, lines);
    const strange = { name: 'A "quoted", <b>bold</b> leash', tags: ['a, b', 'c'], vendor: 'Ünïcode & Söns' };
    await shop.product({ ...strange, description: 'in\ntwo lines' });
    await shop.product({ price: { amount: 1980, currency: 'JPY' }, status: 'draft', stock: 3 });
    const exported = await staff.get('/admin/exports/products');
    expect(exported.headers['content-type']).to.equal('text/csv; charset=utf-8');
    expect(exported.headers['content-disposition']).to.equal('attachment; filename="products.csv"');
    expect(exported.headers['cache-control']).to.equal('private, no-store');
    expect(exported.text)
      .to.match(/^Handle,Title,/)
      .and.include(`\n${leash},`);
    const again = await imported(staff, exported.text.trimEnd().split('\n'));
    expect(again).to.deep.include({
      status: 'completed',
      rows: 5,
      created: 0,
      updated: 0,
      skipped: 5,
      failed: 0,
      errors: [],
    });
  });

  it('that nobody started is found by nobody', async shop => {
    const staff = await shop.staff();
    const nowhere = '/admin/imports/00000000-0000-7000-8000-000000000000';
    expect(outcome(await staff.get(nowhere))).to.equal('404 NOT_FOUND');
  });
});
