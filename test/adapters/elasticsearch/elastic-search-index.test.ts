import { expect } from 'chai';
import { ElasticSearchIndex } from '../../../adapters/elasticsearch/elastic-search-index.ts';
import type { SearchDocument } from '../../../application/ports/search-index.ts';
import { Unavailable } from '../../../application/ports/unit-of-work.ts';
import { searchIndexContract } from '../../contracts/search-index.contract.ts';
import { ElasticServer } from '../../support/elastic-server.ts';
import { STRANGE } from '../../support/strange-server.ts';

async function* nothing(): AsyncIterable<readonly SearchDocument[]> {}

const ASKED = { text: 'leash', language: 'english', sort: 'relevance' } as const;

searchIndexContract({
  name: 'Elasticsearch',
  open: async () => {
    const server = await new ElasticServer().start();
    const index = new ElasticSearchIndex({ url: server.url, timeoutMs: 1000 });
    return {
      index,
      clear: async () => {
        server.clear();
        await index.rebuild(nothing());
      },
      close: async () => {
        await index.close();
        await server.close();
      },
    };
  },
});

describe('The Elasticsearch index in trouble', () => {
  let server: ElasticServer;
  let index: ElasticSearchIndex;

  before(async () => {
    server = await new ElasticServer().start();
    index = new ElasticSearchIndex({ url: server.url, timeoutMs: 300, writeTimeoutMs: 300 });
  });
  after(async () => {
    await index.close();
    await server.close();
  });
  afterEach(() => void (server.trouble = undefined));

  const failureOf = (asking: Promise<unknown>): Promise<unknown> =>
    asking.then(
      () => 'nothing',
      (error: unknown) => error,
    );

  for (const name of [
    'nothing at all',
    'a broken connection',
    'half an answer',
    'HTTP 500',
    'garbage',
    'a list',
    'null',
    'an empty object',
    'a redirect',
  ])
    it(`is unavailable when it answers with ${name}, within its time`, async () => {
      server.trouble = STRANGE[name];
      const began = performance.now();
      expect(await failureOf(index.search(ASKED, { limit: 1 }))).to.be.instanceOf(Unavailable);
      expect(await failureOf(index.ping())).to.be.instanceOf(Unavailable);
      expect(performance.now() - began).to.be.lessThan(2000);
    });

  it('is unavailable before it was ever filled, and filled by its first change', async () => {
    server.clear();
    expect(await failureOf(index.search(ASKED, { limit: 1 }))).to.be.instanceOf(Unavailable);
    for await (const document of index.documents()) expect.fail(document.id);
    expect((await index.search(ASKED, { limit: 1 })).items).to.deep.equal([]);
  });

  it('leaves one index behind when it was rebuilt, also of rebuilds that were killed', async () => {
    server.clear();
    await index.rebuild(nothing());
    await index.rebuild(nothing());
    expect(server.indices).to.have.length(1);
  });

  it('tells nothing of what was typed, nor of the password in its address', async () => {
    const url = server.url.replace('//', '//elastic:hush-hush@');
    const other = new ElasticSearchIndex({ url, timeoutMs: 300 });
    server.trouble = STRANGE['HTTP 500'];
    const failure = await failureOf(other.search({ ...ASKED, text: 'ada@example.com' }, { limit: 1 }));
    expect(`${String(failure)} ${JSON.stringify(failure)}`).not.to.match(/hush|ada@/);
    await other.close();
  });
});
