import { CategoryId, ProductId, UserId, VariantId } from '../../domain/shared/ids.ts';
import { aCategory, aProduct, aStockItem, aUser, aVariant, usd } from '../support/builders.ts';
import { Bank } from './bank.ts';
import { Cluster } from './cluster.ts';
import { Courier } from './courier.ts';
import { Customer } from './customer.ts';
import { Invariants } from './invariants.ts';
import { Promises } from './promises.ts';
import { Quiescence } from './quiescence.ts';
import { playScene } from './scenes.ts';
import { StaffMember } from './staff.ts';
import type { Story } from './story.ts';
import { Web } from './web.ts';
import { type Plan, type Violation, World } from './world.ts';

export interface Outcome {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  readonly kills: number;
  /** How often a process could have been killed. */
  readonly chances: number;
  readonly steps: number;
  readonly orders: number;
  readonly paid: number;
  /** The same for the same plan. */
  readonly digest: number;
  readonly story: Story | undefined;
  readonly world: World;
}

const NAMES = ['Ada', 'Ben', 'Cleo', 'Dan'];

const idOf = (number: number): string => `01920000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** One day in the life of the shop, as the seed has it; ends when everything is settled, or the first thing is wrong. */
export async function simulate(plan: Plan): Promise<Outcome> {
  const world = new World(plan);
  const people = { staff: UserId(idOf(1)), customers: NAMES.map((_name, i) => UserId(idOf(2 + i))) };
  const variants = await stockUp(world, people);
  const bank = new Bank(world);
  const promises = new Promises(world);
  const invariants = new Invariants(world, bank, promises);
  const cluster = new Cluster(world, { bank, variants, committed: invariants.committed });
  const web = new Web(world, cluster);
  const courier = new Courier(world, web);
  bank.watcher = {
    moved: (ref, movement) => invariants.moved(ref, movement),
    announced: (ref, type) => courier.send(ref, type),
  };
  let busy = 0;
  const begin = (who: { actor: Customer['actor'] }, work: () => Promise<void>) => {
    busy += 1;
    world.spawn(who.actor, async () => {
      await work();
      busy -= 1;
    });
  };
  const counter = { web, promises };
  const manager = new StaffMember(world, counter, 'the manager', people.staff);
  if (plan.scene) {
    const customer = new Customer(world, counter, NAMES[0]!, people.customers[0]);
    begin(customer, () => playScene(plan.scene!, { world, customer, manager, variants }));
  } else {
    for (let i = 0; i < 2 + world.chance.below(3); i += 1) {
      const customer = new Customer(world, counter, NAMES[i]!, world.chance.is(0.7) ? people.customers[i] : undefined);
      for (let visits = world.chance.is(0.3) ? 2 : 1; visits > 0; visits -= 1)
        begin(customer, () => customer.visit(variants));
    }
    courier.sendRumour();
    begin(manager, () => manager.work(variants, 1 + world.chance.below(5)));
  }
  const { scheduler, faults } = world;
  const troubled = plan.quiet ? Infinity : world.chance.pick([200, 600, 1500]);
  const isDone = () => world.over || (busy === 0 && courier.idle);
  await scheduler.run(() => isDone() || scheduler.steps > troubled, cluster.strike);
  faults.stop();
  await scheduler.run(isDone, cluster.strike);
  cluster.close();
  const quiescence = new Quiescence(world, bank, () => bank.idle && courier.idle);
  if (!world.over) await quiescence.reach(cluster);
  begin(manager, () => manager.clearTheDesk());
  await scheduler.run(isDone, cluster.strike);
  if (!world.over) await quiescence.reach(cluster, 'with a clear desk');
  if (!world.over) promises.check();
  if (!world.over)
    for (const drift of await world.store.ledgers.drift())
      world.violate(drift.invariant, `the ledgers say so: ${JSON.stringify(drift.facts)}`, [drift.subject]);
  const orders = [...world.store.tables.orders.values()];
  return {
    plan,
    violations: world.violations,
    kills: cluster.kills,
    chances: cluster.chances,
    steps: scheduler.steps,
    orders: orders.length,
    paid: orders.filter(({ order }) => order.saga === 'PAID').length,
    digest: scheduler.digest,
    story: world.story,
    world,
  };
}

/** Two things that everybody wants and that there are too few of. */
async function stockUp({ store, chance, plan, story }: World, people: { staff: UserId; customers: readonly UserId[] }) {
  const category = aCategory({ id: CategoryId(idOf(10)) });
  const variants = [VariantId(idOf(30)), VariantId(idOf(31))];
  const products = variants.map((id, i) =>
    aProduct({
      id: ProductId(idOf(20 + i)),
      name: `Thing ${i + 1}`,
      categoryId: category.snapshot().id,
      variants: [aVariant({ id, price: usd(700 + 250 * i) })],
    }),
  );
  variants.forEach((id, i) => story?.name(id, `thing ${i + 1}`));
  await store.unitOfWork.run(async collections => {
    await collections.categories.save([category]);
    await collections.products.save(products);
    await collections.stock.save(variants.map(id => aStockItem(id, plan.quiet ? 3 : 1 + chance.below(6))));
    for (const id of [people.staff, ...people.customers]) await collections.users.save(aUser({ id }));
  });
  return variants;
}
