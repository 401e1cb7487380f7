import type { OrderId } from '../../domain/shared/ids.ts';
import type { Outcome } from './simulate.ts';

/** What happened, in words: the last of it that concerns what is wrong, or all of it. */
export function storyOf({ plan, violations, kills, steps, digest, story, world }: Outcome, whole: boolean): string {
  const about = whole ? [] : [...new Set(violations.flatMap(violation => violation.about.flatMap(related)))];
  const found = violations.map(({ invariant, what }) => `${invariant}: ${story!.named(what)}\n`).join('');
  const lines = story!.read(about, whole ? Infinity : 60);
  return `seed ${plan.seed}: ${steps} steps, ${kills} kills, digest ${digest.toString(16)}\n${lines}\n${found || 'no violation\n'}`;

  /** The payment and the customer of an order; whoever owns a cart. */
  function related(id: string): string[] {
    const order = world.store.tables.orders.get(id as OrderId)?.order;
    if (!order) return [id];
    const owner = order.userId ?? world.store.tables.carts.get(order.cartId)!.tokenHash!;
    return [id, order.payment.id, world.people.get(owner) ?? ''];
  }
}
