import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type Environment = Readonly<Record<string, string>>;

/** The end of a program: how, and what it had said by then. */
export interface Ending {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** Nothing else of this process's environment reaches the program, but for what any program needs. */
  readonly environment?: Environment;
  /** Where it is started; it finds its own files from anywhere. */
  readonly folder: string;
  /** For the program. */
  readonly options?: readonly string[];
  /** For Node itself. */
  readonly nodeOptions?: readonly string[];
}

export type ProgramName = 'main' | 'migrate' | 'doctor' | 'keys' | 'audit-verify' | 'search';

/** One of the programs in `config`, as its own process, compiled when this file is. */
export class Program {
  readonly child: ChildProcess;
  #stdout = '';
  #stderr = '';

  constructor(name: ProgramName, { environment = {}, folder, options = [], nodeOptions = [] }: ProgramOptions) {
    const extension = extname(import.meta.url);
    const script = join(import.meta.dirname, `../../config/${name}${extension}`);
    const loader = extension === '.ts' ? ['--import', import.meta.resolve('tsx')] : [];
    this.child = spawn(process.execPath, [...nodeOptions, ...loader, script, ...options], {
      cwd: folder,
      env: { ...inherited(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, as a terminal gives to each command: Ctrl-C goes to all in it.
      detached: true,
    });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    running.add(this.child);
    this.child.once('exit', () => running.delete(this.child));
  }

  get output(): string {
    return this.#stdout;
  }

  get pid(): number {
    return this.child.pid!;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  pressCtrlC(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  kill(): void {
    process.kill(this.pid, 'SIGKILL');
  }

  async ended(): Promise<Ending> {
    if (this.child.stdout!.readable || !this.hasEnded) await once(this.child, 'close');
    return { code: this.child.exitCode, signal: this.child.signalCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Ctrl-C, and then its end. */
  async stop(): Promise<Ending> {
    if (!this.hasEnded) this.pressCtrlC();
    return this.ended();
  }
}

/** A shop that is open: it has shown its screen. */
export class ShopProcess extends Program {
  /** @throws what it said, when it ended instead of opening */
  static async open(options: ProgramOptions, withinMs = 15_000): Promise<ShopProcess> {
    const shop = new ShopProcess(options);
    const giveUp = Date.now() + withinMs;
    while (!shop.output.includes('Ctrl-C stops it.')) {
      if (shop.hasEnded) throw new Error(`The shop did not open: ${JSON.stringify(await shop.ended())}`);
      if (Date.now() > giveUp) throw new Error(`The shop is not open after ${withinMs} ms: ${shop.output}`);
      await sleep(5);
    }
    return shop;
  }

  private constructor({ environment = {}, ...options }: ProgramOptions) {
    super('main', { ...options, environment: { ...QUICK, ...environment } });
  }

  /** As its screen says. */
  get url(): string {
    return /^ +Shop +(http:\/\/\S+?)\/api\/v1/m.exec(this.output)?.[1] ?? '';
  }
}

/** Any port, short hashes, and no limits for tests that are faster than people. */
const QUICK: Environment = { PORT: '0', LOG_LEVEL: 'error', BCRYPT_COST: '4', RATE_LIMIT: 'off' };

export const runProgram = (name: ProgramName, options: ProgramOptions): Promise<Ending> =>
  new Program(name, options).ended();

/** A new folder, which others may enter: the Postgres of a shop that runs as root is another user. `remove` may be called while something still writes into it. */
export function aFolder(): { readonly path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'pannier-test-')));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

const running = new Set<ChildProcess>();

/** A test run that is cut off leaves no shop behind. */
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const NEEDED = ['PATH', 'HOME', 'TMPDIR', 'NODE_V8_COVERAGE'];

const inherited = (): Environment =>
  Object.fromEntries(NEEDED.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])));
