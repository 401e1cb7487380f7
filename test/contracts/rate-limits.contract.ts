import { expect } from 'chai';
import { insideUnitOfWork } from '../../application/transaction-boundary.ts';
import type { RateLimits } from '../../application/ports/rate-limits.ts';
import { rejectionOf } from '../support/waiting.ts';

export interface RateLimitsHarness {
  readonly name: string;
  /** Two processes that know nothing of each other but what the adapter shares; `shared` says whether they count together. */
  open(): Promise<{ readonly here: RateLimits; readonly there: RateLimits; close(): Promise<void> }>;
  readonly shared: boolean;
}

/** What keeps one caller from wearing the shop out. */
export function rateLimitsContract(harness: RateLimitsHarness): void {
  describe(`Rate limits (${harness.name})`, () => {
    let opened: Awaited<ReturnType<RateLimitsHarness['open']>>;
    let callers = 0;
    const caller = () => `caller-${process.pid}-${(callers += 1)}`;

    before(async () => {
      opened = await harness.open();
    });
    after(() => opened.close());

    it('let a caller through as often as the window allows, and not once more', async () => {
      const who = caller();
      const { limit } = await opened.here.take('sign-in', who);
      const rest = await Promise.all(Array.from({ length: limit }, () => opened.here.take('sign-in', who)));
      expect(rest.filter(verdict => verdict.allowed)).to.have.length(limit - 1);
    });

    it('are not asked while a transaction is open', async () => {
      for (const ask of ['take', 'giveBack', 'clear'] as const) {
        const asking = insideUnitOfWork(async () => void (await opened.here[ask]('read', caller())));
        expect(String(await rejectionOf(asking)), ask).to.include('inside a unit of work');
      }
    });

    it('tell how many are left, and when the window starts anew', async () => {
      const who = caller();
      const first = await opened.here.take('checkout', who);
      const second = await opened.here.take('checkout', who);
      expect(second.remaining).to.equal(first.remaining - 1);
      expect(second.resetSeconds).to.be.within(1, second.windowSeconds);
    });

    it('do not count what was given back', async () => {
      const who = caller();
      const first = await opened.here.take('failures-here', who);
      await opened.here.giveBack('failures-here', who);
      expect((await opened.here.take('failures-here', who)).remaining).to.equal(first.remaining);
    });

    it('shut out for a quarter of an hour whoever fails once too often, until it is forgotten', async () => {
      const who = caller();
      const taken = await Promise.all(Array.from({ length: 30 }, () => opened.here.take('failures-here', who)));
      expect(taken.filter(verdict => verdict.allowed)).to.have.length(10);
      const shut = await opened.here.take('failures-here', who);
      expect(shut.allowed).to.equal(false);
      expect(shut.resetSeconds).to.be.within(890, 900);
      await opened.here.clear('failures-here', who);
      expect(await opened.here.take('failures-here', who)).to.include({ allowed: true, remaining: 9 });
    });

    it('count each caller and each kind of request alone', async () => {
      const [one, two] = [caller(), caller()];
      const before = await opened.here.take('write', one);
      await opened.here.take('write', two);
      await opened.here.take('read', one);
      expect((await opened.here.take('write', one)).remaining).to.equal(before.remaining - 1);
    });

    it(harness.shared ? 'count across processes' : 'count in each process alone', async () => {
      const who = caller();
      const first = await opened.here.take('write', who);
      const other = await opened.there.take('write', who);
      expect(other.remaining).to.equal(harness.shared ? first.remaining - 1 : first.remaining);
    });
  });
}
