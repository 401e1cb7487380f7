import { expect } from 'chai';

import type { ClaimedNotice } from '../../application/ports/gateway-notices.ts';
import type { GatewayNotice } from '../../application/ports/gateway-webhooks.ts';
import { nextId } from '../support/builders.ts';
import type { Run } from '../support/stocking.ts';
import { rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const HOUR = 3600;
const ALL = 100;
const LEASE = 30;

const REF = nextId();

const aNotice = (eventId: string, facts: Partial<GatewayNotice> = {}): GatewayNotice => ({
  eventId,
  type: 'payment_intent.succeeded',
  ref: REF,
  facts: { amount: 2999, nested: { list: [1, null, 'é'] } },
  ...facts,
});

const add = (run: Run, notice: GatewayNotice, gateway = 'stripe'): Promise<void> =>
  run(({ gatewayNotices }) => gatewayNotices.add(gateway, notice));

const claim = (run: Run, limit = ALL, leaseSeconds = LEASE): Promise<readonly ClaimedNotice[]> =>
  run(({ gatewayNotices }) => gatewayNotices.claim(limit, leaseSeconds));

const claimIds = async (run: Run, limit = ALL, leaseSeconds = LEASE): Promise<string[]> =>
  (await claim(run, limit, leaseSeconds)).map(notice => notice.eventId);

export function gatewayNoticesContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, "gateways' notices", it => {
    it('are handed out as they came', async ({ run }) => {
      const notice = aNotice('evt_1');
      await add(run, notice);
      expect(await claim(run)).to.deep.equal([{ ...notice, gateway: 'stripe', parked: false }]);
    });

    it('may name no payment, or one that was never ours', async ({ run }) => {
      await add(run, aNotice('evt_1', { ref: null }));
      await add(run, aNotice('evt_2', { ref: 'order 66; no uuid' }));
      expect((await claim(run)).map(notice => notice.ref)).to.have.members([null, 'order 66; no uuid']);
    });

    it('are kept once, however often they come', async ({ run }) => {
      await Promise.all(times(5, () => add(run, aNotice('evt_1'))));
      await add(run, aNotice('evt_1', { type: 'payment_intent.canceled' }));
      expect((await claim(run)).map(notice => notice.type)).to.deep.equal(['payment_intent.succeeded']);
    });

    it('are told apart by gateway', async ({ run }) => {
      await add(run, aNotice('evt_1'), 'stripe');
      await add(run, aNotice('evt_1'), 'sandbox');
      const [{ gateway } = { gateway: '' }] = await claim(run, 1);
      await run(({ gatewayNotices }) => gatewayNotices.markRead({ gateway, eventId: 'evt_1' }));
      const left = [...(await claim(run))].map(notice => notice.gateway);
      expect([gateway, ...left]).to.have.members(['stripe', 'sandbox']);
    });

    it('are handed out the oldest first, and no more than asked for', async ({ run, inspect }) => {
      for (const eventId of ['evt_c', 'evt_b', 'evt_a']) {
        await add(run, aNotice(eventId));
        await inspect.age(1);
      }
      expect(await claimIds(run, 2)).to.deep.equal(['evt_c', 'evt_b']);
      expect(await claimIds(run, 2)).to.deep.equal(['evt_a']);
    });

    it('are handed to one of five who ask at once', async ({ run }) => {
      for (const eventId of ['evt_1', 'evt_2', 'evt_3']) await add(run, aNotice(eventId));
      const handed = await Promise.all(times(5, () => claimIds(run)));
      expect(handed.flat()).to.have.members(['evt_1', 'evt_2', 'evt_3']);
    });

    it('are handed to nobody else while the lease lasts', async ({ run, inspect }) => {
      await add(run, aNotice('evt_1'));
      expect(await claimIds(run, ALL, 300)).to.deep.equal(['evt_1']);
      await inspect.age(297);
      expect(await claimIds(run)).to.deep.equal([]);
      await inspect.age(4);
      expect(await claimIds(run)).to.deep.equal(['evt_1']);
    });

    it('are put off for longer each time, up to an hour', async ({ run, inspect }) => {
      await add(run, aNotice('evt_1'));
      for (const wait of [10, 20, 40, 80, 160, 320, 640, 1280, 2560, HOUR, HOUR]) {
        expect(await claimIds(run, ALL, 0), `before a wait of ${wait} s`).to.deep.equal(['evt_1']);
        await inspect.age(wait - 3);
        expect(await claimIds(run, ALL, 0), `after ${wait - 3} s`).to.deep.equal([]);
        await inspect.age(4);
      }
    });

    it('stay due when whoever took them came to nothing', async ({ run }) => {
      await add(run, aNotice('evt_1'));
      await rejectionOf(
        run(async ({ gatewayNotices }) => {
          await gatewayNotices.claim(ALL, LEASE);
          throw new Error('no');
        }),
      );
      expect(await claimIds(run)).to.deep.equal(['evt_1']);
    });

    it('are never handed out again once they are read, even if they come again', async ({ run, inspect }) => {
      await add(run, aNotice('evt_1'));
      const [notice] = await claim(run);
      await run(({ gatewayNotices }) => gatewayNotices.markRead(notice!));
      await add(run, aNotice('evt_1'));
      await inspect.age(2 * HOUR);
      expect(await claimIds(run)).to.deep.equal([]);
    });

    it('are parked with the last attempt within 72 hours', async ({ run, inspect }) => {
      await add(run, aNotice('evt_1'));
      let attempts = 0;
      for (let hours = 0; hours < 71; hours += 1) {
        for (const notice of await claim(run)) {
          expect(notice.parked, `after ${hours} hours`).to.equal(false);
          attempts += 1;
        }
        await inspect.age(HOUR + 1);
      }
      expect(attempts).to.equal(71);
      expect((await claim(run)).map(notice => notice.parked)).to.deep.equal([true]);
      await inspect.age(2 * HOUR);
      expect(await claimIds(run)).to.deep.equal([]);
    });

    it('are looked at once, however late, before they are parked', async ({ run, inspect }) => {
      await add(run, aNotice('evt_1'));
      await inspect.age(100 * HOUR);
      expect((await claim(run)).map(notice => notice.parked)).to.deep.equal([true]);
      await inspect.age(2 * HOUR);
      expect(await claimIds(run)).to.deep.equal([]);
    });
  });
}
