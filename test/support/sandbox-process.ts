import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';

const running = new Set<ChildProcess>();

/** The sandbox bank in a process of its own, as `node dist/config/sandbox-bank.js` starts it. */
export class SandboxProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** @throws what it said, when it ended instead of listening */
  static async start(options: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
    const extension = extname(import.meta.url);
    const script = join(import.meta.dirname, `../../config/sandbox-bank${extension}`);
    const loader = extension === '.ts' ? ['--import', import.meta.resolve('tsx')] : [];
    const child = spawn(process.execPath, [...loader, script, ...options], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const problems = text(child.stderr);
    let said = '';
    for await (const part of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      said += part;
      const url = /Sandbox bank +(http:\S+)/.exec(said)?.[1];
      if (url && said.endsWith('stops it.\n')) return new SandboxProcess(child, url);
    }
    throw new Error(await problems);
  }

  /** Ends all that were started, whoever forgot them. */
  static killAll(): void {
    for (const child of running) child.kill('SIGKILL');
  }

  /** Leaves it no time for anything. */
  kill(): Promise<unknown> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<unknown> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<unknown> {
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    return ended;
  }
}

/** A test run that is cut off leaves no bank behind. */
process.once('exit', () => SandboxProcess.killAll());
