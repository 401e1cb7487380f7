import { once } from 'node:events';
import { createServer } from 'node:net';
import { ShopProcess } from '../support/shop-process.ts';

export type Role = 'api' | 'worker';

export interface FleetSettings {
  readonly environment: Readonly<Record<string, string>>;
  /** Where all of them are started, so that they share their secrets. */
  readonly folder: string;
  /** One process for each port. */
  readonly apiPorts: readonly number[];
  readonly workers: number;
  /** Hears when one ends that nobody has killed. */
  readonly onDeath: (why: string) => void;
}

/** One process of the shop, which comes back after it was killed. */
export class Member {
  readonly role: Role;
  readonly #settings: FleetSettings;
  readonly #port: number;
  #process: ShopProcess | undefined;

  constructor(role: Role, port: number, settings: FleetSettings) {
    this.role = role;
    this.#port = port;
    this.#settings = settings;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async start(): Promise<void> {
    const { environment, folder, onDeath } = this.#settings;
    const opened = await ShopProcess.open({
      folder,
      environment: { ...environment, ROLE: this.role, PORT: String(this.#port) },
    });
    this.#process = opened;
    void opened.ended().then(({ code, signal, stderr }) => {
      if (this.#process === opened) onDeath(`A process (${this.role}) ended by itself: ${code ?? signal} ${stderr}`);
    });
  }

  /** Kill -9. Resolves when it is gone. */
  async kill(): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    ending?.kill();
    await ending?.ended();
  }

  async stop(): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    await ending?.stop();
  }
}

/** The processes that a shop consists of. */
export class Fleet {
  readonly members: readonly Member[];

  private constructor(members: readonly Member[]) {
    this.members = members;
  }

  static async open(settings: FleetSettings): Promise<Fleet> {
    const apis = settings.apiPorts.map(port => new Member('api', port, settings));
    const workers = Array.from({ length: settings.workers }, () => new Member('worker', 0, settings));
    const [first, ...others] = [...apis, ...workers];
    // The first one makes the tables and the secrets that the others find.
    await first!.start();
    await Promise.all(others.map(member => member.start()));
    return new Fleet([first!, ...others]);
  }

  get doors(): readonly string[] {
    return this.members.filter(({ role }) => role === 'api').map(({ url }) => url);
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map(member => member.stop()));
  }
}

/**
 * A port that is free, and stays so while a killed process comes back: below those that outgoing connections are given.
 */
export async function quietPort(): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = 20_000 + ((process.pid * 13 + (asked += 1)) % 12_000);
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return port;
    } catch {
      continue;
    } finally {
      await new Promise(done => server.close(done));
    }
  }
  throw new Error('No port from 20000 to 32000 is free.');
}

let asked = 0;
