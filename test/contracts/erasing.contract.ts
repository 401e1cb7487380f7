import { expect } from 'chai';

import { type IdempotencyClaim, ownerOf } from '../../application/ports/idempotency-records.ts';
import { EmailAddress } from '../../domain/identity/email-address.ts';
import { OneTimeToken } from '../../domain/identity/one-time-token.ts';
import type { User } from '../../domain/identity/user.ts';
import type { Order } from '../../domain/ordering/order.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { actAt, anAddress, aSession, aUser, nextId, NOON, POSTAL_ADDRESS, usd } from '../support/builders.ts';
import { addOrder, addUser, addUserId, type Run } from '../support/stocking.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const EMAIL = 'ada@example.com';
const LATER = actAt(60).at;

const erase = (run: Run, user: User): Promise<void> =>
  run(async ({ users, addresses }) => {
    const { id } = user.snapshot();
    await addresses.removeAllOf(id);
    await users.erase((await users.find(id))!, LATER);
  });

const change = async (run: Run, id: OrderId, how: (order: Order) => void): Promise<void> =>
  run(async ({ orders }) => {
    const order = (await orders.find(id))!;
    how(order);
    await orders.save(order);
  });

const PARCEL = { carrier: 'Post', trackingNumber: 'PT-1' };

/** All that people can type about an order, but for why it is cancelled. */
const writtenAbout = (run: Run, id: OrderId): Promise<void> =>
  change(run, id, order => {
    order.authorized(`auth-${id}`, actAt(1));
    order.park('another amount', actAt(2));
    order.resume('spoke to Ada', actAt(3));
    order.paid(`capture-${id}`, actAt(4));
    order.refund(usd(1), 'for Ada', actAt(5));
    order.refundDone(1, actAt(6));
    order.refund(usd(1), null, actAt(7));
    order.ship(PARCEL, actAt(8));
  });

const CLAIM: IdempotencyClaim = { owner: 'cart:guest', key: 'key-1', fingerprint: 'f', requestId: 'request-1' };
const ANSWER = { status: 200, body: '{"data":{"name":"Ada"}}' };

export function erasingContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'erasing', it => {
    it('leaves nobody to be found, and nothing in an address book', async ({ run, store }) => {
      const user = await addUser(run, { email: EMAIL });
      const { id, email } = user.snapshot();
      await run(({ addresses }) => addresses.save(anAddress(id)));
      const stays = await addUser(run);
      const stay = anAddress(stays.snapshot().id);
      await run(({ addresses }) => addresses.save(stay));
      await erase(run, user);
      const found = await run(async ({ users }) => [await users.find(id), await users.findByEmail(email)]);
      expect(found).to.deep.equal([undefined, undefined]);
      expect(await store.users.find(id)).to.equal(undefined);
      expect(await store.users.addressesOf(id)).to.deep.equal([]);
      expect((await store.users.list({ limit: 10 })).items).to.deep.equal([stays.snapshot()]);
      expect((await store.users.list({ limit: 10, page: 1 })).total).to.equal(1);
      expect(await store.users.addressesOf(stays.snapshot().id)).to.deep.equal([stay.snapshot()]);
    });

    it('gives the e-mail address free, and who comes with it next is somebody else', async ({ run, store }) => {
      const user = await addUser(run, { email: EMAIL });
      const order = await addOrder(run, { userId: user.snapshot().id, email: null });
      await erase(run, user);
      const heir = await addUser(run, { email: EMAIL });
      const found = await run(({ users }) => users.findByEmail(EmailAddress(EMAIL)));
      expect(found?.snapshot()).to.deep.equal(heir.snapshot());
      expect((await store.orders.list({ email: EMAIL }, { limit: 10 })).items).to.deep.equal([]);
      expect((await store.orders.find(order.snapshot().id))?.userId).to.equal(user.snapshot().id);
    });

    it('keeps the orders, with everything but where they went', async ({ run, store }) => {
      const user = await addUser(run);
      const userId = user.snapshot().id;
      const order = (await addOrder(run, { userId, email: null })).snapshot();
      const guests = (await addOrder(run, { email: EMAIL })).snapshot();
      expect(order.shippingAddress).to.deep.equal(POSTAL_ADDRESS);
      await erase(run, user);
      const nowhere = { ...order, shippingAddress: null };
      expect(await store.orders.find(order.id)).to.deep.equal(nowhere);
      expect((await store.orders.list({ userId }, { limit: 10 })).items).to.deep.equal([nowhere]);
      const locked = await run(({ orders }) => orders.find(order.id));
      expect(locked?.snapshot()).to.deep.equal(nowhere);
      expect(await store.orders.find(guests.id)).to.deep.equal(guests);
    });

    it('lets orders that are under way go on', async ({ run, store }) => {
      const user = await addUser(run);
      const { id } = (await addOrder(run, { userId: user.snapshot().id, email: null })).snapshot();
      await erase(run, user);
      await change(run, id, order => order.expired(actAt(90)));
      expect(await store.orders.find(id)).to.include({ state: 'CANCELLED', shippingAddress: null });
    });

    it('keeps nothing that was written about their orders, and nothing but that is lost', async ({ run, store }) => {
      const user = await addUser(run);
      const mine = (await addOrder(run, { userId: user.snapshot().id, email: null })).snapshot();
      const guests = (await addOrder(run, { email: EMAIL })).snapshot();
      for (const { id } of [mine, guests]) await writtenAbout(run, id);
      const before = (await store.orders.find(guests.id))!;
      expect(before).to.deep.include({ shipment: PARCEL, cancelReason: null });
      expect(before.payment.refunds.map(({ reason }) => reason)).to.deep.equal(['for Ada', null]);
      expect(before.resumed).to.include({ review: 'another amount', reason: 'spoke to Ada' });
      await erase(run, user);
      expect(await store.orders.find(guests.id)).to.deep.equal(before);
      const after = (await store.orders.find(mine.id))!;
      expect(after).to.include({ shipment: null, cancelReason: null, state: 'SHIPPED' });
      expect(after.payment.refunds.map(({ number, reason }) => [number, reason])).to.deep.equal([
        [1, null],
        [2, null],
      ]);
      expect(after.resumed).to.deep.equal({ ...before.resumed, reason: null });
      expect((await run(({ orders }) => orders.find(mine.id)))?.snapshot()).to.deep.equal(after);
    });

    it('takes what is written about their orders later, and tells nobody', async ({ run, store }) => {
      const user = await addUser(run);
      const userId = user.snapshot().id;
      const shipped = (await addOrder(run, { userId, email: null })).snapshot();
      const cancelled = (await addOrder(run, { userId, email: null })).snapshot();
      await erase(run, user);
      await writtenAbout(run, shipped.id);
      await change(run, cancelled.id, order => order.cancel('Ada asked', actAt(1)));
      expect(await store.orders.find(shipped.id)).to.include({ state: 'SHIPPED', shipment: null });
      expect(await store.orders.find(cancelled.id)).to.include({ state: 'CANCELLED', cancelReason: null });
      await change(run, shipped.id, order => order.deliver(actAt(9)));
      expect(await store.orders.find(shipped.id)).to.include({ state: 'DELIVERED', shipment: null });
    });

    it('drops what an owner was answered, and nothing that is still running or of others', async ({ run }) => {
      const owner = ownerOf((await addUser(run)).snapshot().id);
      const answered = { ...CLAIM, owner };
      const running = { ...CLAIM, owner, key: 'key-2' };
      await run(async ({ idempotency }) => {
        for (const claim of [answered, running, CLAIM]) await idempotency.claim(claim, 60);
        for (const claim of [answered, CLAIM]) await idempotency.complete(claim, ANSWER);
      });
      await run(({ idempotency }) => idempotency.forget(owner));
      const found = await run(async ({ idempotency }) => [
        await idempotency.claim(answered, 60),
        await idempotency.claim(running, 60),
        await idempotency.claim(CLAIM, 60),
      ]);
      expect(found).to.deep.equal([
        { kind: 'claimed' },
        { kind: 'in-progress' },
        { kind: 'completed', answer: ANSWER },
      ]);
    });

    it('removes what was sent to somebody by mail, used or not, and nothing of others', async ({ run }) => {
      const [userId, other] = [await addUserId(run), await addUserId(run)];
      const tokens = [
        OneTimeToken.issue({ tokenHash: 'used', userId, purpose: 'email-verification' }, NOON),
        OneTimeToken.issue({ tokenHash: 'unused', userId, purpose: 'password-reset' }, NOON),
        OneTimeToken.issue({ tokenHash: 'of another', userId: other, purpose: 'password-reset' }, NOON),
      ];
      tokens[0]!.spend(LATER);
      await run(async ({ oneTimeTokens }) => {
        for (const token of tokens) await oneTimeTokens.save(token);
      });
      await run(({ oneTimeTokens }) => oneTimeTokens.removeAllOf(userId));
      const left = await run(async ({ oneTimeTokens }) => [
        await oneTimeTokens.find('used'),
        await oneTimeTokens.find('unused'),
        await oneTimeTokens.find('of another'),
      ]);
      expect(left.map(token => token?.snapshot())).to.deep.equal([undefined, undefined, tokens[2]!.snapshot()]);
      await run(({ oneTimeTokens }) => oneTimeTokens.removeAllOf(userId));
    });

    it('knows who administers the shop, as long as they may', async ({ run }) => {
      const [first, second, third] = [aUser({ role: 'admin' }), aUser({ role: 'admin' }), aUser({ role: 'admin' })];
      third.administer({ disabled: true }, actAt(1));
      await run(async ({ users }) => {
        for (const user of [third, second, first, aUser({ role: 'staff' })]) await users.save(user);
      });
      const administrators = () => run(({ users }) => users.administrators());
      expect(await administrators()).to.deep.equal([first.snapshot().id, second.snapshot().id]);
      await erase(run, first);
      expect(await administrators()).to.deep.equal([second.snapshot().id]);
    });

    it('never leaves the shop to nobody, when all of them go at once', async ({ run }) => {
      const admins = await Promise.all([1, 2, 3].map(() => addUser(run, { role: 'admin' })));
      const going = admins.map(admin =>
        run(async ({ users }) => {
          const administrators = await users.administrators();
          const user = (await users.find(admin.snapshot().id))!;
          user.requireErasable(administrators);
          await users.erase(user, LATER);
        }),
      );
      const results = await Promise.allSettled(going);
      const refusals = results.flatMap(result => (result.status === 'rejected' ? [result.reason.code] : []));
      expect(refusals).to.deep.equal(['LAST_ADMINISTRATOR']);
      expect(await run(({ users }) => users.administrators())).to.have.length(1);
    });

    it('tells of sessions without what opens them, the oldest first', async ({ run, store }) => {
      const userId = (await addUser(run)).snapshot().id;
      const first = aSession({ userId, tokenHash: nextId() });
      const second = aSession({ userId, tokenHash: nextId() }, LATER);
      first.end(LATER);
      await run(async ({ sessions }) => {
        for (const session of [second, first]) await sessions.save(session);
      });
      const told = await store.users.sessionsOf(userId);
      const facts = [first, second].map(session => {
        const { id, startedAt, expiresAt, endedAt } = session.snapshot();
        return { id, startedAt, expiresAt, endedAt };
      });
      expect(told).to.deep.equal(facts);
      expect(told.map(session => session.startedAt)).to.deep.equal([NOON, LATER]);
    });
  });
}
