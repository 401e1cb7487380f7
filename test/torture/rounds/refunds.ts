import { setTimeout as sleep } from 'node:timers/promises';
import { NoAnswer } from '../customer.ts';
import { outcomeOf } from '../journal.ts';
import type { Scene } from '../round.ts';
import type { Staff } from '../staff.ts';

/** Somebody else may have given it back before. */
const ALLOWED = ['200', '409 INVALID_TRANSITION', '422 REFUND_TOO_LARGE'];

/** Gives some of what was paid back, in part or in whole, and cancels some, while all the rest goes on. */
export function refundsAndCancels(staff: Staff, { journal, chance }: Scene): { end(): Promise<string> } {
  let open = true;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let looked = 0; open; await sleep(100)) {
      const { orderId, outcome } = journal.receipts[looked] ?? {};
      if (!orderId) {
        looked = Math.min(looked + 1, journal.receipts.length);
        continue;
      }
      looked += 1 + chance.below(8);
      if (outcome !== 'PAID') continue;
      const reply = chance.is(0.3)
        ? await staff.cancel(orderId)
        : await staff.refund(orderId, chance.pick([undefined, 1]));
      if (!ALLOWED.includes(outcomeOf(reply))) journal.violated(`Giving back was answered ${outcomeOf(reply)}`);
      done += 1;
    }
  };
  const working = work().catch((error: unknown) => {
    if (!(error instanceof NoAnswer)) throw error;
  });
  return {
    end: async () => {
      open = false;
      await working;
      return `${done} refunds and cancellations`;
    },
  };
}
