import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Identity } from './identity.ts';

/**
 * Prints the pid of the command, waits for it and ends with its code. When standard input closes, which the system sees to
 * even if its writer is killed, the command gets SIGINT (to Postgres: disconnect everyone, write everything, stop). The
 * signal is repeated because it is lost on a command that has not yet set its handlers.
 */
const SCRIPT = `
exec 3<&0
"$@" </dev/null >/dev/null 3<&- & command=$!
echo $command
exec >/dev/null
{ read -r end <&3; tries=0; while [ $tries -lt 300 ] && kill -INT $command; do sleep 0.2; tries=$((tries + 1)); done; } 2>/dev/null &
watcher=$!
wait $command; code=$?
kill $watcher 2>/dev/null
exit $code`;

/** A command that cannot outlive this process, in a session of its own so that Ctrl-C in the terminal does not reach it. */
export interface Supervised {
  /** Of the command itself; undefined when it could not be started. */
  readonly pid: Promise<number | undefined>;
  /** Its exit code, or null when its supervisor was killed. */
  readonly exited: Promise<number | null>;
  readonly hasExited: () => boolean;
  /** Lets this process end while the command still runs; the command then ends too. */
  letGo(): void;
  /** Asks the command to stop and resolves when the supervisor has ended; keeps this process alive until then. */
  end(): Promise<void>;
}

/** `log` is an open file descriptor that gets the standard error of the command. */
export function supervise(command: string, args: readonly string[], identity: Identity, log: number): Supervised {
  const child = spawn('sh', ['-c', SCRIPT, 'sh', ...identity.wrapper, command, ...args], {
    ...identity.credentials,
    cwd: '/',
    // Nothing of ours may steer the server: PGPORT, PGOPTIONS, LC_ALL and the like.
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' },
    detached: true,
    stdio: ['pipe', 'pipe', log],
  });
  let over = false;
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  }).finally(() => {
    over = true;
  });
  exited.catch(() => {});
  // The pipe breaks when the supervisor ends before it is asked to.
  child.stdin!.on('error', () => {});
  return {
    pid: firstNumber(child),
    exited,
    hasExited: () => over,
    letGo() {
      child.unref();
      if (child.stdin instanceof Socket) child.stdin.unref();
    },
    async end() {
      child.ref();
      child.stdin!.end();
      await exited;
    },
  };
}

function firstNumber(child: ChildProcess): Promise<number | undefined> {
  return new Promise(resolve => {
    let text = '';
    const done = () => {
      resolve(text.includes('\n') ? Number.parseInt(text, 10) : undefined);
      child.stdout!.destroy();
    };
    child.stdout!.on('data', chunk => {
      text += String(chunk);
      if (text.includes('\n')) done();
    });
    child.stdout!.once('error', done);
    child.stdout!.once('end', done);
    child.once('error', done);
  });
}
