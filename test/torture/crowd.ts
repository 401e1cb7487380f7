import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../simulation/chance.ts';
import { Customer, type Line, NoAnswer } from './customer.ts';
import type { Journal } from './journal.ts';

/** How people pay, and how often. Each of them must end well, or not at all. */
const METHODS = [
  ...Array<string>(24).fill('tok_ok'),
  ...['tok_decline', 'tok_timeout', 'tok_capture_timeout', 'tok_capture_refused', 'tok_slow', 'tok_lost'],
  'tok_requires_action',
];

const GIVES_UP = 0.15;

export interface CrowdSettings {
  readonly doors: readonly string[];
  readonly journal: Journal;
  readonly chance: Chance;
  readonly variants: readonly string[];
  readonly size: number;
  readonly methods?: readonly string[];
}

/** Customers who come, buy a few things and go, one after the other, until they are sent home. */
export class Crowd {
  readonly #settings: CrowdSettings;
  readonly #people: Promise<void>[];
  #open = true;
  served = 0;

  constructor(settings: CrowdSettings) {
    this.#settings = settings;
    this.#people = Array.from({ length: settings.size }, () => this.#shopOn());
  }

  /** Those who are at the till are served first. */
  async goHome(): Promise<void> {
    this.#open = false;
    await Promise.all(this.#people);
  }

  async #shopOn(): Promise<void> {
    while (this.#open) {
      await this.#shop();
      await sleep(5);
    }
  }

  async #shop(): Promise<void> {
    const { doors, journal, chance, methods = METHODS } = this.#settings;
    const tries = chance.is(GIVES_UP) ? 1 : Infinity;
    const customer = new Customer(doors, journal, { tries });
    try {
      await customer.fill(this.#lines());
      await customer.checkOut(chance.pick(methods));
      this.served += 1;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    } finally {
      customer.leave();
    }
  }

  #lines(): readonly Line[] {
    const { chance, variants } = this.#settings;
    const chosen = new Set(Array.from({ length: 1 + chance.below(3) }, () => chance.pick(variants)));
    return [...chosen].map(variantId => ({ variantId, quantity: 1 + chance.below(2) }));
  }
}
