import type { VariantId } from '../../domain/shared/ids.ts';
import type { Customer } from './customer.ts';
import type { StaffMember } from './staff.ts';
import type { SceneName, World } from './world.ts';

interface Cast {
  readonly world: World;
  readonly customer: Customer;
  readonly manager: StaffMember;
  readonly variants: readonly VariantId[];
}

const METHODS: Partial<Record<SceneName, string>> = {
  'checkout, customer must act': 'tok_requires_action',
  'checkout, declined': 'tok_decline',
  'checkout, capture refused': 'tok_capture_refused',
  'checkout, never paid': 'tok_requires_action',
  'cancel before paying': 'tok_requires_action',
};

/** One thing that people do, step by step: small enough to try every place where a process can die while they do it. */
export async function playScene(scene: SceneName, { world, customer, manager, variants }: Cast): Promise<void> {
  await customer.putInCart(variants, 1);
  if (scene.startsWith('checkout')) world.armed = true;
  await customer.checkout(customer.nextKey(), METHODS[scene] ?? 'tok_ok', world.plan.impatient ? 1 : 20);
  world.armed = true;
  if (scene.startsWith('cancel')) await customer.cancel();
  if (!scene.startsWith('refund')) return;
  const [row] = world.store.tables.orders.values();
  if (scene === 'refund of a part') await manager.refund(row!.order, { share: 0.5, restock: false });
  else await manager.refund(row!.order, { restock: true });
}
