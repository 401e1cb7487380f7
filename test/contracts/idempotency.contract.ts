import { expect } from 'chai';

import type { ClaimResult, IdempotencyClaim, StoredAnswer } from '../../application/ports/idempotency-records.ts';
import { OrderId } from '../../domain/shared/ids.ts';
import { nextId } from '../support/builders.ts';
import { addOrder, type Run } from '../support/stocking.ts';
import { aMoment, rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const CLAIM: IdempotencyClaim = {
  owner: 'user:ada',
  key: 'key-1',
  fingerprint: 'b5bb9d8014a0f9b1d61e21e796d78dcc',
  requestId: 'request-1',
};
const CREATED: StoredAnswer = { status: 201, body: '{"data": {"total":1,"name":"Crème ☕\\u0000"} }\n' };
const REFUSED: StoredAnswer = { status: 409, body: '{"error":{"code":"INSUFFICIENT_STOCK"}}' };
const HOUR = 3600;
const LONG = HOUR;
const OVER_AT_ONCE = 0;

const claim = (run: Run, given: Partial<IdempotencyClaim> = {}, leaseSeconds = LONG): Promise<ClaimResult> =>
  run(({ idempotency }) => idempotency.claim({ ...CLAIM, ...given }, leaseSeconds));

const complete = (run: Run, answer: StoredAnswer): Promise<StoredAnswer> =>
  run(({ idempotency }) => idempotency.complete(CLAIM, answer));

/** An order that the claim is bound to. */
const bindNewOrder = async (run: Run): Promise<OrderId> => {
  const orderId = (await addOrder(run)).snapshot().id;
  await run(({ idempotency }) => idempotency.bindOrder(CLAIM, orderId));
  return orderId;
};

export function idempotencyContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'idempotency records', it => {
    it('hands a new key to the first who claims it', async ({ run }) => {
      expect(await claim(run)).to.deep.equal({ kind: 'claimed' });
    });

    it('says that the request is still running', async ({ run }) => {
      await claim(run);
      expect(await claim(run, { requestId: 'request-2' })).to.deep.equal({ kind: 'in-progress' });
    });

    it('hands a key to exactly one of twenty who claim it at once', async ({ run }) => {
      const results = await Promise.all(times(20, index => claim(run, { requestId: `request-${index}` })));
      const kinds = results.map(result => result.kind);
      expect(kinds.toSorted()).to.deep.equal(['claimed', ...times(19, () => 'in-progress')]);
    });

    it('makes a second claimer wait until the first one has ended', async ({ run }) => {
      let tell: () => void;
      const claimed = new Promise<void>(resolve => (tell = resolve));
      const first = run(async ({ idempotency }) => {
        await idempotency.claim(CLAIM, LONG);
        tell();
        await aMoment();
        return idempotency.complete(CLAIM, CREATED);
      });
      const [, second] = await Promise.all([first, claimed.then(() => claim(run))]);
      expect(second).to.deep.equal({ kind: 'completed', answer: CREATED });
    });

    it('keeps the keys of different owners apart', async ({ run }) => {
      await claim(run);
      expect(await claim(run, { owner: 'cart:guest', fingerprint: 'other' })).to.deep.equal({ kind: 'claimed' });
    });

    it('keeps different keys of one owner apart', async ({ run }) => {
      await claim(run);
      expect(await claim(run, { key: 'KEY-1' })).to.deep.equal({ kind: 'claimed' });
    });

    it('forgets a claim whose unit of work came to nothing', async ({ run }) => {
      await rejectionOf(
        run(async ({ idempotency }) => {
          await idempotency.claim(CLAIM, LONG);
          throw new Error('no');
        }),
      );
      expect(await claim(run, { fingerprint: 'other' })).to.deep.equal({ kind: 'claimed' });
    });

    it('refuses another request under the same key, while the first is running and after it', async ({ run }) => {
      await claim(run);
      expect(await claim(run, { fingerprint: 'other' })).to.deep.equal({ kind: 'reused' });
      await complete(run, CREATED);
      expect(await claim(run, { fingerprint: 'other' })).to.deep.equal({ kind: 'reused' });
    });

    it('refuses another request under the same key even when the lease is over', async ({ run }) => {
      await claim(run, {}, OVER_AT_ONCE);
      expect(await claim(run, { fingerprint: 'other' })).to.deep.equal({ kind: 'reused' });
    });

    it('replays the first answer to the byte', async ({ run }) => {
      await claim(run);
      expect(await complete(run, CREATED)).to.deep.equal(CREATED);
      expect(await claim(run)).to.deep.equal({ kind: 'completed', answer: CREATED });
      expect(await claim(run, {}, OVER_AT_ONCE)).to.deep.equal({ kind: 'completed', answer: CREATED });
    });

    it('keeps the answer of the first writer, and tells it to every later one', async ({ run }) => {
      await claim(run);
      await complete(run, CREATED);
      expect(await complete(run, REFUSED)).to.deep.equal(CREATED);
      expect(await claim(run)).to.deep.equal({ kind: 'completed', answer: CREATED });
    });

    it('tells one answer to all of ten who complete it at once', async ({ run }) => {
      await claim(run);
      const told = await Promise.all(times(10, index => complete(run, { status: 201, body: `answer ${index}` })));
      expect(new Set(told.map(answer => answer.body)).size).to.equal(1);
      expect(await claim(run)).to.deep.equal({ kind: 'completed', answer: told[0] });
    });

    it('completes only what was claimed', async ({ run }) => {
      expect(await rejectionOf(complete(run, CREATED))).to.be.instanceOf(Error);
    });

    it('hands a key on whose runner is gone before anything was done', async ({ run }) => {
      await claim(run, {}, OVER_AT_ONCE);
      expect(await claim(run)).to.deep.equal({ kind: 'claimed' });
      expect(await claim(run)).to.deep.equal({ kind: 'in-progress' });
    });

    it('hands an order on whose runner is gone, to one at a time', async ({ run }) => {
      await claim(run, {}, OVER_AT_ONCE);
      const orderId = await bindNewOrder(run);
      expect(await claim(run)).to.deep.equal({ kind: 'resume', orderId });
      expect(await claim(run)).to.deep.equal({ kind: 'in-progress' });
    });

    it('says that it is still running while the runner of an order has its lease', async ({ run }) => {
      await claim(run);
      await bindNewOrder(run);
      expect(await claim(run)).to.deep.equal({ kind: 'in-progress' });
    });

    it('tells that it was done when only the answer was lost', async ({ run }) => {
      await run(async ({ idempotency }) => {
        await idempotency.claim(CLAIM, OVER_AT_ONCE);
        await idempotency.markApplied(CLAIM);
      });
      expect(await claim(run, {}, OVER_AT_ONCE)).to.deep.equal({ kind: 'applied' });
      expect(await claim(run, {}, OVER_AT_ONCE)).to.deep.equal({ kind: 'applied' });
      expect(await complete(run, CREATED)).to.deep.equal(CREATED);
      expect(await claim(run)).to.deep.equal({ kind: 'completed', answer: CREATED });
    });

    it('that was done and is asked for no more is completed a day after its lease, so many at a time', async ({
      run,
      inspect,
    }) => {
      const give = (requestId: string) => ({ status: 409, body: requestId });
      const completeLost = (limit = 10) => run(({ idempotency }) => idempotency.completeLost(limit, give));
      for (const key of ['lost-1', 'lost-2', 'lost-3'])
        await run(async ({ idempotency }) => {
          await idempotency.claim({ ...CLAIM, key, requestId: key }, LONG);
          await idempotency.markApplied({ ...CLAIM, key });
        });
      await claim(run, { key: 'not-done' }, OVER_AT_ONCE);
      await claim(run, {}, OVER_AT_ONCE);
      await bindNewOrder(run);
      await inspect.age(24 * HOUR);
      expect(await completeLost(), 'before').to.equal(0);
      await inspect.age(LONG + 1);
      expect([await completeLost(2), await completeLost(2), await completeLost(2)]).to.deep.equal([2, 1, 0]);
      for (const key of ['lost-1', 'lost-2', 'lost-3'])
        expect(await claim(run, { key })).to.deep.equal({ kind: 'completed', answer: give(key) });
      expect(await claim(run, { key: 'not-done' })).to.deep.equal({ kind: 'claimed' });
      expect(await claim(run)).to.include({ kind: 'resume' });
    });

    it('is completed by whoever finishes its order, in the words of the request that claimed it', async ({ run }) => {
      await claim(run);
      const orderId = await bindNewOrder(run);
      const told = await run(({ idempotency }) =>
        idempotency.completeForOrder(orderId, requestId => ({ status: 201, body: `for ${requestId}` })),
      );
      expect(told).to.deep.equal({ status: 201, body: 'for request-1' });
      expect(await claim(run)).to.deep.equal({ kind: 'completed', answer: told });
    });

    it('speaks of the request that was handed the key last', async ({ run }) => {
      await claim(run, {}, OVER_AT_ONCE);
      const orderId = await bindNewOrder(run);
      await claim(run, { requestId: 'request-2' });
      await claim(run, { requestId: 'request-3' });
      const told = await run(({ idempotency }) =>
        idempotency.completeForOrder(orderId, requestId => ({ status: 201, body: requestId })),
      );
      expect(told?.body).to.equal('request-2');
    });

    it('keeps its first answer when its order is finished later', async ({ run }) => {
      await claim(run);
      const orderId = await bindNewOrder(run);
      await complete(run, CREATED);
      const told = await run(({ idempotency }) => idempotency.completeForOrder(orderId, () => REFUSED));
      expect(told).to.deep.equal(CREATED);
      expect(await claim(run)).to.deep.equal({ kind: 'completed', answer: CREATED });
    });

    it('has nothing to complete for an order without a key', async ({ run }) => {
      const orderId = (await addOrder(run)).snapshot().id;
      const told = await run(({ idempotency }) => idempotency.completeForOrder(orderId, () => CREATED));
      expect(told).to.equal(undefined);
    });

    it('is bound only to an order that exists', async ({ run }) => {
      await claim(run);
      const stray = run(({ idempotency }) => idempotency.bindOrder(CLAIM, OrderId(nextId())));
      expect(await rejectionOf(stray)).to.be.instanceOf(Error);
    });
  });
}
