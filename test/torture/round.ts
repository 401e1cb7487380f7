import type { Chance } from '../simulation/chance.ts';
import type { Journal } from './journal.ts';
import type { OwnPostgres } from './own-postgres.ts';
import type { Stand } from './stand.ts';

/** How much of everything. */
export interface Scale {
  /** How often 200 buyers come for 50 units. */
  readonly rushes: number;
  readonly buyers: number;
  readonly units: number;
  readonly opposite: number;
  readonly sameKey: number;
  readonly editSeconds: number;
  readonly kills: number;
  readonly outages: number;
  readonly terminateSeconds: number;
  readonly redisBuyers: number;
}

export const LONG: Scale = {
  rushes: 20,
  buyers: 200,
  units: 50,
  opposite: 400,
  sameKey: 60,
  editSeconds: 10,
  kills: 100,
  outages: 5,
  terminateSeconds: 15,
  redisBuyers: 24,
};

/** For every change: no kind of trouble is left out. */
export const SHORT: Scale = {
  rushes: 4,
  buyers: 200,
  units: 50,
  opposite: 120,
  sameKey: 15,
  editSeconds: 3,
  kills: 10,
  outages: 1,
  terminateSeconds: 4,
  redisBuyers: 24,
};

/** What a round finds. The journal is its own; the shop and the database are those of all rounds. */
export interface Scene {
  readonly stand: Stand;
  readonly postgres: OwnPostgres;
  readonly journal: Journal;
  readonly chance: Chance;
  readonly scale: Scale;
}

export interface Round {
  readonly name: string;
  /** Why it cannot be run here; undefined when it can. */
  readonly impossible?: (postgres: OwnPostgres) => string | undefined;
  /** Makes trouble. Resolves to what happened; what must not happen goes into the journal. */
  run(scene: Scene): Promise<string>;
}
