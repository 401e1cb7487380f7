import { expect } from 'chai';
import { onEachPostgres } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { outcome } from './api.ts';
import { buy } from './buying.ts';
import { corpusOf } from './corpus-requests.ts';
import { CorpusRun, heapInUse } from './corpus-run.ts';
import { Shop } from './shop.ts';

const SEED = 20261121;
const MOST_GROWTH = 12 * 1024 * 1024;

/** Sent to a shop in memory; the description makes for more. */
const MOST = 10_500;

async function requireStillSelling(shop: Shop): Promise<void> {
  expect((await shop.root.get('/health')).status).to.equal(200);
  const variant = await shop.variant({ stock: 1 });
  expect(outcome(await buy(await shop.customer(), variant))).to.equal('201');
}

describe(`A corpus of malformed requests, made from the shop’s own description (seed ${SEED})`, () => {
  let shop: Shop;
  let run: CorpusRun | undefined;

  before(async () => {
    shop = await Shop.open('memory:');
  });

  after(async () => {
    run?.close();
    await shop.close();
  });

  it('of all routes gets an answer in time, in the one form of errors, and never a 5xx; memory stays flat', async function () {
    this.timeout(180_000);
    const prepared = await CorpusRun.on(shop);
    run = prepared.run;
    const corpus = corpusOf(prepared.description, prepared.known, SEED).slice(0, MOST);
    expect(corpus).to.have.length.above(10_000);
    expect(new Set(corpus.map(({ operation }) => operation)).size).to.equal(shop.app.routes.length);
    // What is made once, such as compiled checks and connections, is made by the first of them.
    const first = Math.floor(corpus.length / 4);
    await run.send(corpus.slice(0, first));
    const before = heapInUse();
    await run.send(corpus.slice(first));
    const growth = heapInUse() - before;
    expect(run.problems.slice(0, 20), `${run.problems.length} problems`).to.deep.equal([]);
    expect(growth, 'bytes that stay in use').to.be.below(MOST_GROWTH);
    await requireStillSelling(shop);
  });
});

onEachPostgres('A sample of the corpus of malformed requests', postgres => {
  const ends: (() => unknown)[] = [];

  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it('finds nothing in the database that the memory does not have', async function () {
    this.timeout(180_000);
    const database = await postgres.database();
    ends.push(() => database.drop());
    const shop = await Shop.open(urlOf(database));
    ends.push(() => shop.close());
    const { run, description, known } = await CorpusRun.on(shop);
    ends.push(() => run.close());
    await run.send(corpusOf(description, known, SEED).slice(0, 1000));
    expect(run.problems.slice(0, 20)).to.deep.equal([]);
    await requireStillSelling(shop);
  });
});
