import type { Worker } from '../../application/workers/worker.ts';
import { Unavailable } from '../../application/ports/unit-of-work.ts';
import { Process } from './process.ts';
import type { Actor } from './scheduler.ts';
import { openShop, type Shop, type Surroundings } from './shop.ts';
import type { World } from './world.ts';

/** A place where processes of the shop run, one life after the other. */
interface Machine {
  readonly name: string;
  readonly workers: readonly WorkerName[];
  process: Process;
  shop: Shop;
}

type WorkerName = keyof Shop['workers'];

const EVERYWHERE: readonly WorkerName[] = ['recovery', 'expiry', 'inbox', 'relay', 'reaper'];

const isEmpty = (rows: { values(): Iterable<unknown> }): boolean => {
  for (const _row of rows.values()) return false;
  return true;
};

/** The processes of the shop: they are killed, and started again. */
export class Cluster {
  kills = 0;
  /** How often a process could have been killed so far. */
  chances = 0;
  readonly apis: readonly Machine[];
  readonly workers: readonly WorkerName[];
  readonly #world: World;
  readonly #surroundings: Surroundings;
  readonly #init: Actor;
  readonly #killAt: ReadonlySet<number>;
  #closing = false;

  constructor(world: World, surroundings: Surroundings) {
    const { chance, plan } = world;
    this.#world = world;
    this.#surroundings = surroundings;
    this.#killAt = new Set(plan.killAt);
    this.#init = world.actor('init');
    // Without the reconciler the rest must be right by itself; with it, it must do no harm.
    this.workers = plan.quiet || chance.is(0.5) ? EVERYWHERE : [...EVERYWHERE, 'reconciler'];
    const few = plan.quiet ? 1 : 2;
    this.apis = Array.from({ length: few }, (_, i) => this.#machine(`api ${i + 1}`, []));
    for (let i = 1; i <= (plan.quiet ? 1 : 1 + chance.below(2)); i += 1) this.#machine(`worker ${i}`, this.workers);
  }

  /** For the scheduler: whether this actor, whose turn it is, dies instead. */
  readonly strike = (actor: Actor): boolean => {
    if (!this.#world.armed) return false;
    this.chances += 1;
    const { faults, scheduler, chance } = this.#world;
    if (faults.happens(faults.jump)) scheduler.now += 5_000 + chance.below(400_000);
    if (!this.#killAt.has(this.chances) && !faults.happens(faults.kill)) return false;
    this.#world.tell(actor.name, 'is killed');
    this.kills += 1;
    (actor as Process).die();
    return true;
  };

  /** From now on workers end after their round. */
  close(): void {
    this.#closing = true;
  }

  /** A round of every worker until none finds anything to do, in a process of its own. */
  async round(): Promise<void> {
    const process = new Process(this.#world.scheduler, this.#world.processOptions('keeper'));
    const shop = openShop(this.#world, process, this.#surroundings);
    let done = false;
    this.#world.spawn(process, async () => {
      for (const name of this.workers)
        for (let rounds = 0; rounds < 5 && (await this.#tick(process, shop.workers[name])) > 0;) rounds += 1;
      done = true;
    });
    process.connect(() => (done = true));
    await this.#world.scheduler.run(() => done || this.#world.over, this.strike);
  }

  #machine(name: string, workers: readonly WorkerName[]): Machine {
    const machine: Machine = { name, workers, ...this.#boot(name) };
    this.#run(machine);
    return machine;
  }

  #boot(name: string): { process: Process; shop: Shop } {
    const process = new Process(this.#world.scheduler, this.#world.processOptions(name));
    return { process, shop: openShop(this.#world, process, this.#surroundings) };
  }

  #run(machine: Machine): void {
    const { process, shop, workers } = machine;
    for (const name of workers) this.#world.spawn(process, () => this.#work(process, shop.workers[name]));
    process.connect(() => this.#restart(machine));
  }

  #restart(machine: Machine): void {
    const { scheduler, chance } = this.#world;
    const pause = chance.between(0, 10_000);
    this.#world.spawn(this.#init, async () => {
      await scheduler.sleep(this.#init, pause);
      Object.assign(machine, this.#boot(machine.name));
      this.#world.tell(machine.name, 'is started again');
      this.#run(machine);
    });
  }

  async #work(process: Process, worker: Worker): Promise<void> {
    const { scheduler, chance } = this.#world;
    const pause = worker.name === 'relay' || worker.name === 'inbox' ? 20_000 : 40_000;
    while (!this.#closing) {
      await scheduler.sleep(process, chance.between(0.2, 1.5) * pause);
      if (!this.#closing && this.#mayFindWork(worker)) await this.#tick(process, worker);
    }
  }

  /** Most rounds of most workers would find nothing: they are not worth the time that they take. */
  #mayFindWork({ name }: Worker): boolean {
    const { unfinishedOrders, unreadNotices, unpublishedEvents } = this.#world.store.tables;
    if (name === 'inbox') return !isEmpty(unreadNotices);
    if (name === 'relay') return !isEmpty(unpublishedEvents);
    return name === 'reaper' || name === 'reconciler' ? this.#world.chance.is(0.2) : !isEmpty(unfinishedOrders);
  }

  async #tick(process: Process, worker: Worker): Promise<number> {
    try {
      return await worker.tick();
    } catch (error) {
      if (!(error instanceof Unavailable)) this.#world.bug(`${process.name}, ${worker.name},`, error);
      return 0;
    }
  }
}
