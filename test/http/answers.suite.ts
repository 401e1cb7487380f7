import { expect } from 'chai';
import { AnswerCheck, type Description } from './answer-check.ts';
import type { Ask, Reply } from './client.ts';
import { shopSuite } from './harness.ts';
import type { Product } from './shapes.ts';
import type { Shop } from './shop.ts';

/** The check, and an answer that passes it. */
async function goodAnswer(shop: Shop) {
  const check = new AnswerCheck((await shop.root.get('/openapi.json')).body as unknown as Description);
  const { id } = await shop.product();
  const ask: Ask = { method: 'GET', path: `/api/v1/products/${id}` };
  const reply = (await shop.root.send<Product>(ask)) satisfies Reply;
  const complaint = (change: Partial<Reply>, asked: Partial<Ask> = {}): string => {
    try {
      check.examine({ ...ask, ...asked }, { ...reply, ...change });
      return 'none';
    } catch (error) {
      return (error as Error).message.split('\n', 1)[0]!;
    }
  };
  const withData = (data: object) => complaint({ body: { ...reply.body, data: { ...reply.body.data, ...data } } });
  return { reply, complaint, withData };
}

/** Comes last, and looks back at what the others asked. */
export const answersSuite = shopSuite('The description of the shop', it => {
  it('is what answers are held against: one that departs from it is noticed', async shop => {
    const { reply, complaint, withData } = await goodAnswer(shop);
    const { data } = reply.body;
    expect(complaint({})).to.equal('none');
    expect(withData({ price: { amount: '1999', currency: 'USD' } })).to.include('price/amount must be integer');
    expect(withData({ price: undefined })).to.include("must have required property 'price'");
    expect(withData({ id: 'not-a-uuid' })).to.include('/data/id must match');
    expect(withData({ created_at: 'yesterday' })).to.include('created_at must match format "date-time"');
    expect(withData({ password_hash: 'x' })).to.include('must NOT have additional properties');
    expect(withData({ variants: [{ ...data.variants[0], cost: 1 }] })).to.include(
      'must NOT have additional properties',
    );
    expect(complaint({ body: { ...reply.body, links: {} } })).to.include("must have required property 'self'");
    expect(complaint({ status: 418 })).to.include('does not list this status');
    expect(complaint({ headers: { 'content-type': 'text/html' } })).to.include('text/html is not listed');
    expect(complaint({}, { method: 'POST' })).to.include('no such operation');
    expect(complaint({}, { path: '/api/v1/product' })).to.include('no such operation');
    expect(complaint({}, { unlisted: true })).to.include('listed operation showProduct');
    expect(complaint({ status: 304 })).to.include('a body where none is listed');
    expect(complaint({ status: 404 })).to.include("must have required property 'error'");
  });

  it('holds an error to its form, also where nothing is listed', async shop => {
    const { complaint } = await goodAnswer(shop);
    const nowhere = { path: '/nowhere', unlisted: true };
    const error = {
      code: 'NOT_FOUND',
      message: 'm',
      details: {},
      timestamp: '2026-03-02T12:00:00.000Z',
      request_id: 'r',
    };
    const withError = (change: object) =>
      complaint({ status: 404, body: { error: { ...error, ...change } } as unknown as Reply['body'] }, nowhere);
    expect(withError({})).to.equal('none');
    expect(withError({ code: 'SOMETHING_ELSE' })).to.include('allowed values');
    expect(withError({ stack: 'at…' })).to.include('must NOT have additional properties');
    expect(withError({ timestamp: undefined })).to.include("must have required property 'timestamp'");
  });

  it('names no operation that has not gone well at least once before these tests ended', async shop => {
    expect(shop.check.neglected).to.deep.equal([]);
  });
});
