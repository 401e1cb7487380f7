import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { connect } from '../../adapters/knex/connect.ts';
import { AesPersonalData } from '../../adapters/security/aes-personal-data.ts';
import { createKnexStore } from '../../adapters/knex/store.ts';
import type { Ledgers } from '../../application/ports/ledgers.ts';
import { SandboxProcess } from '../support/sandbox-process.ts';
import { aFolder } from '../support/shop-process.ts';
import { ledgerOf, wrongAtTheBank } from './bank-books.ts';
import { stillToDo, wrongInTheBooks } from './books.ts';
import { Fleet, type FleetSettings, quietPort } from './fleet.ts';
import type { Journal, Receipt } from './journal.ts';
import { connectTo } from './own-postgres.ts';
import { brokenPromises, brokenRefusals } from './promises.ts';

export interface StandSettings {
  readonly databaseUrl: string;
  readonly apis: number;
  readonly workers: number;
  readonly environment?: Readonly<Record<string, string>>;
}

const SECRET = 'torture-torture-torture';

/** Shared with the shop, so that its stored answers can be read. */
const MASTER_KEY = 'torture-'.repeat(6);
const CIPHER = new AesPersonalData({ secrets: [MASTER_KEY] });

/** Short deadlines, so that what takes minutes in a shop takes seconds here. */
const HURRIED = {
  SEED_DEMO: 'false',
  RECOVERY_INTERVAL_MS: '250',
  ORDER_HOLD_SECONDS: '12',
  MAX_OPEN_ORDERS: '1000',
  IDEMPOTENCY_LEASE_SECONDS: '2',
  GATEWAY_TIMEOUT_MS: '1000',
};

/**
 * How long after the last trouble everything must be done. Whoever dies leaves an order that nobody looks after for 20 s,
 * and an event that is leased for 30 s; then it is found within a second or so.
 */
export const QUIET_AFTER_SECONDS = 45;

/** A whole shop of several processes on one database, with a bank that outlives them all. */
export class Stand {
  readonly bank: SandboxProcess;
  readonly databaseUrl: string;
  readonly #settings: StandSettings;
  readonly #ports: readonly number[];
  readonly #folder = aFolder();
  readonly #receipts: Receipt[] = [];
  readonly #deaths: string[] = [];
  #fleet: Fleet | undefined;

  private constructor(settings: StandSettings, ports: readonly number[], bank: SandboxProcess) {
    this.#settings = settings;
    this.databaseUrl = settings.databaseUrl;
    this.#ports = ports;
    this.bank = bank;
  }

  static async open(settings: StandSettings): Promise<Stand> {
    const ports: number[] = [];
    for (let api = 0; api < settings.apis; api += 1) ports.push(await quietPort());
    const notify = `http://127.0.0.1:${ports[0]}/api/v1/payments/webhooks/sandbox`;
    const bank = await SandboxProcess.start(['--notify', notify], { SANDBOX_WEBHOOK_SECRET: SECRET });
    const stand = new Stand(settings, ports, bank);
    await stand.reopen();
    return stand;
  }

  get fleet(): Fleet {
    return this.#fleet!;
  }

  /** Stops all processes of the shop and starts them again, with other settings if it must be. */
  async reopen(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#fleet?.close();
    const settings: FleetSettings = {
      environment: {
        ...HURRIED,
        DATABASE_URL: asTheShop(this.databaseUrl),
        DATABASE_MIGRATION_URL: this.databaseUrl,
        SANDBOX_URL: this.bank.url,
        SANDBOX_WEBHOOK_SECRET: SECRET,
        PII_KEYS: MASTER_KEY,
        ...this.#settings.environment,
        ...environment,
      },
      folder: this.#folder.path,
      apiPorts: this.#ports,
      workers: this.#settings.workers,
      onDeath: why => this.#deaths.push(why),
    };
    this.#fleet = await Fleet.open(settings);
  }

  /** Waits until all is done (L1), and says for how many seconds; then looks whether everything adds up. */
  async examine(journal: Journal): Promise<number> {
    this.#receipts.push(...journal.receipts);
    const client = await connectTo(this.databaseUrl);
    try {
      // At once, and then again: nothing may be wrong in between either.
      for (const wrong of await this.#wrong(client, false)) journal.violated(wrong);
      const start = performance.now();
      const waiting = await untilQuiet(client);
      const seconds = (performance.now() - start) / 1000;
      if (waiting.length > 0) journal.violated(`L1: after ${QUIET_AFTER_SECONDS} s, ${waiting.join(', ')}`);
      const late = waiting.length > 0;
      const drift = await this.#drift();
      for (const wrong of [...(await this.#wrong(client, !late)), ...drift]) journal.violated(wrong);
      return seconds;
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    await this.#fleet?.close();
    await this.bank.stop();
    this.#folder.remove();
  }

  /** The bank is asked first: whatever it knows of has its order already. */
  async #wrong(client: Client, settled: boolean): Promise<readonly string[]> {
    const ledger = await ledgerOf(this.bank.url);
    return [
      ...this.#deaths.splice(0),
      ...(await wrongInTheBooks(client)),
      ...(await brokenPromises(client, this.#receipts)),
      ...(await brokenRefusals(client, this.#receipts, CIPHER)),
      ...(await wrongAtTheBank(client, ledger, settled)),
    ];
  }

  /** What the shop itself says. */
  async #drift(): Promise<readonly string[]> {
    const knex = connect({ connection: this.databaseUrl });
    try {
      const { ledgers }: { ledgers: Ledgers } = createKnexStore(knex, {
        clock: { now: () => new Date() },
        cipher: CIPHER,
      });
      const drift = await ledgers.drift();
      return drift.map(({ invariant, subject, facts }) => `drift ${invariant}: ${subject} ${JSON.stringify(facts)}`);
    } finally {
      await knex.destroy();
    }
  }
}

async function untilQuiet(client: Client): Promise<readonly string[]> {
  for (const giveUp = Date.now() + QUIET_AFTER_SECONDS * 1000; ; await sleep(100)) {
    const waiting = await stillToDo(client);
    if (waiting.length === 0 || Date.now() > giveUp) return waiting;
  }
}

/** The same database for a role that may do only what the shop has to, as a deployment has it. */
function asTheShop(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  if (url.host) url.username = 'tortured_shop';
  else url.searchParams.set('user', 'tortured_shop');
  return url.href;
}
