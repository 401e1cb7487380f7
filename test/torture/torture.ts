import { Chance } from '../simulation/chance.ts';
import { Journal } from './journal.ts';
import type { OwnPostgres } from './own-postgres.ts';
import type { Round, Scale } from './round.ts';
import type { Stand } from './stand.ts';

/** What became of one round. */
export interface Verdict {
  readonly round: string;
  /** In words. */
  readonly happened: string;
  readonly orders: number;
  readonly seconds: number;
  /** From the last trouble until all was done; undefined where the round was not run. */
  readonly quietAfter: number | undefined;
  readonly violations: readonly string[];
}

export interface Torture {
  readonly stand: Stand;
  readonly postgres: OwnPostgres;
  readonly scale: Scale;
  readonly seed: number;
}

/** Runs rounds one after the other on the same shop; after each of them all that ever happened must add up. */
export async function* torture(rounds: readonly Round[], { seed, ...given }: Torture): AsyncGenerator<Verdict> {
  for (const [index, round] of rounds.entries()) {
    const impossible = round.impossible?.(given.postgres);
    if (impossible === undefined) yield await examined(round, new Chance(seed + index), given);
    else
      yield { round: round.name, happened: impossible, orders: 0, seconds: 0, quietAfter: undefined, violations: [] };
  }
}

async function examined(round: Round, chance: Chance, given: Omit<Torture, 'seed'>): Promise<Verdict> {
  const journal = new Journal();
  const start = performance.now();
  const happened = await round.run({ ...given, journal, chance });
  const quietAfter = await given.stand.examine(journal);
  return {
    round: round.name,
    happened,
    orders: journal.receipts.filter(({ orderId }) => orderId !== undefined).length,
    seconds: (performance.now() - start) / 1000,
    quietAfter,
    violations: journal.violations,
  };
}
