import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../../http/client.ts';
import { Customer, fresh } from '../customer.ts';
import { type Journal, outcomeOf } from '../journal.ts';
import type { Round } from '../round.ts';
import { Staff } from '../staff.ts';

const TIMES = 20;
const METHODS = ['tok_ok', 'tok_ok', 'tok_decline', 'tok_timeout'];

/** One and the same request, so many times at once, until each of them has its answer. */
async function pressTwentyTimes(customer: Customer, method: string, journal: Journal): Promise<void> {
  const key = fresh('pressed');
  const press = (): Promise<Reply> => customer.checkOutOnce(method, key, ask => final(customer, ask, journal));
  const replies = await Promise.all(Array.from({ length: TIMES }, press));
  const answers = new Set(replies.map(({ status, text }) => `${status} ${text}`));
  if (answers.size !== 1) journal.violated(`I10: one key had ${answers.size} answers: ${[...answers].join(' | ')}`);
  const expected = method === 'tok_decline' ? '402 PAYMENT_DECLINED' : '201';
  if (outcomeOf(replies[0]!) !== expected) journal.violated(`One key ended with ${outcomeOf(replies[0]!)}`);
  // Afterwards, in peace, it is still the same, and says that it is a repetition.
  const receipt = await customer.checkOut(method, key);
  if (receipt.text !== replies[0]!.text) journal.violated(`I10: later the answer was ${receipt.text}`);
}

async function final(customer: Customer, ask: Parameters<Customer['askOnce']>[0], journal: Journal): Promise<Reply> {
  for (;;) {
    const reply = await customer.askOnce(ask);
    const said = reply && outcomeOf(reply);
    if (reply && said !== '409 IDEMPOTENCY_IN_PROGRESS') return reply;
    if (!reply) journal.violated('A connection broke, though nobody was killed');
    await sleep(Number(reply?.headers['retry-after'] ?? 1) * 200);
  }
}

/** Somebody who is impatient presses the button again and again. */
export const sameKey: Round = {
  name: 'the same key 20 times at once',
  run: async ({ stand, journal, scale }) => {
    const { doors } = stand.fleet;
    const staff = await Staff.signIn(doors, journal);
    const [variantId] = await staff.stock(1, scale.sameKey);
    staff.leave();
    for (let cart = 0; cart < scale.sameKey; cart += 1) {
      const customer = new Customer(doors, journal);
      await customer.fill([{ variantId: variantId!, quantity: 1 }]);
      await pressTwentyTimes(customer, METHODS[cart % METHODS.length]!, journal);
      customer.leave();
    }
    return `${scale.sameKey} keys, ${journal.answered('409 IDEMPOTENCY_IN_PROGRESS')} times still running`;
  },
};
