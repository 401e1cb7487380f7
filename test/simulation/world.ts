import { createInMemoryStore } from '../../adapters/in-memory/store.ts';
import { Chance } from './chance.ts';
import { Faults } from './faults.ts';
import type { Process } from './process.ts';
import { type Actor, Scheduler } from './scheduler.ts';
import { Story } from './story.ts';

/** What one run is to be like. */
export interface Plan {
  readonly seed: number;
  /** Nothing goes wrong but what `killAt` says. */
  readonly quiet?: boolean;
  /** Kills at these chances to be killed, counted from 1. */
  readonly killAt?: readonly number[];
  /** Keeps what happens, in words. */
  readonly story?: boolean;
  /** One thing happens, step by step, instead of a busy day. */
  readonly scene?: SceneName;
  /** Nobody asks twice: whatever is left undone, the shop finishes alone. */
  readonly impatient?: boolean;
}

export const SCENES = [
  'checkout',
  'checkout, customer must act',
  'checkout, declined',
  'checkout, capture refused',
  'checkout, never paid',
  'cancel before paying',
  'cancel after paying',
  'refund of a part',
  'refund of everything, restocked',
] as const;
export type SceneName = (typeof SCENES)[number];

export interface Violation {
  /** As in docs/explanation/checkout.md: "I1" to "I11", "L1", or "bug" for an error that nobody expects. */
  readonly invariant: string;
  readonly what: string;
  /** Ids of what it is about. */
  readonly about: readonly string[];
}

const DAWN = Date.UTC(2026, 2, 2, 6);

/** Time, chance, the one store, and what has been found wrong. */
export class World {
  readonly plan: Plan;
  readonly chance: Chance;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly story: Story | undefined;
  readonly store: ReturnType<typeof createInMemoryStore>;
  readonly violations: Violation[] = [];
  /** Names of customers, by the id of the account or the hash of the cart's token. */
  readonly people = new Map<string, string>();
  /** By the store's clock, in seconds. */
  readonly holdSeconds: number;
  readonly leaseSeconds: number;
  /** Whether a process can be killed between the calls inside a unit of work, or only before, after and at its commit. */
  readonly fine: boolean;
  /** Whether anybody can be killed yet. */
  armed: boolean;
  #actors = 0;
  #ids = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    const chance = new Chance(plan.seed);
    this.chance = chance;
    this.scheduler = new Scheduler(chance, DAWN);
    this.faults = new Faults(chance, plan.quiet ?? false);
    this.scheduler.pace = plan.quiet ? 2 : chance.pick([2, 20, 200]);
    this.story = plan.story ? new Story() : undefined;
    this.store = createInMemoryStore({ clock: { now: () => new Date(this.scheduler.now) } });
    this.holdSeconds = plan.quiet ? 120 : chance.pick([30, 120, 300]);
    this.leaseSeconds = plan.quiet ? 30 : chance.pick([5, 30]);
    this.fine = plan.quiet || chance.is(0.3);
    this.armed = !plan.scene;
  }

  get over(): boolean {
    return this.violations.length > 0;
  }

  nextNumber(): number {
    this.#actors += 1;
    return this.#actors;
  }

  /** Somebody who lives as long as the world. */
  actor(name: string): Actor {
    return { name, number: this.nextNumber(), mortal: false, alive: true };
  }

  /** A UUIDv7 in shape. */
  uuid(): string {
    this.#ids += 1;
    const time = this.scheduler.now.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${this.#ids.toString(16).padStart(12, '0')}`;
  }

  spawn(actor: Actor, work: () => Promise<unknown>): void {
    void this.scheduler
      .turn(actor)
      .then(work)
      .catch((error: unknown) => this.bug(actor.name, error));
  }

  tell(who: string, text: string, ...about: readonly (string | null | undefined)[]): void {
    this.story?.tell(this.scheduler.now, who, text, about);
  }

  violate(invariant: string, what: string, about: readonly string[] = []): void {
    this.violations.push({ invariant, what, about });
    this.tell('!', `${invariant}: ${what}`, ...about);
  }

  /** Something was thrown that nobody should ever see. */
  bug(who: string, error: unknown, about: readonly string[] = []): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.violate('bug', `${who} met ${text}`, about);
  }

  processOptions(name: string): ConstructorParameters<typeof Process>[1] {
    return { name, number: this.nextNumber(), skew: this.faults.skew() };
  }
}
