import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'pg';

export interface LocalPostgres {
  /** A URL, such as a deployment would give. */
  readonly url: string;
  /** Ends all its processes at once (`immediate`): it tells nobody, and writes nothing down any more. */
  crash(): Promise<void>;
  /** After a crash: on the same port, once it has recovered from its log. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Has a folder for each major version. */
const DEBIAN = '/usr/lib/postgresql';

/** The folder of the newest Postgres programs that are installed here; undefined when there are none. */
export function installedPostgres(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map(version => join(DEBIAN, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find(folder => isProgram(join(folder, 'initdb')) && isProgram(join(folder, 'postgres')));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Postgres refuses to be root, so tests that run as root start it as nobody. */
const NOBODY = { uid: 65534, gid: 65534 };
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? NOBODY : {};

/**
 * Starts a server with an empty data folder of its own, on a free port. It stops when this process does, however.
 * @param settings such as "fsync=on", over those that make tests fast
 */
export async function startLocalPostgres(programs: string, settings: readonly string[] = []): Promise<LocalPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'pannier-test-postgres-'));
  if (isRoot) chownSync(folder, NOBODY.uid, NOBODY.gid);
  const data = join(folder, 'data');
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...identity, cwd: '/', encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const start = async (): Promise<Running> => {
    const command = [join(programs, 'postgres'), ...optionsOf(data, port, settings)];
    const shell = spawn('sh', ['-c', UNTIL_STDIN_CLOSES, 'sh', ...command], {
      ...identity,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const gone = once(shell, 'exit');
    await untilItAnswers(url);
    return { end: () => shell.stdin.end(), gone };
  };
  let server = await start();
  const stop = async (): Promise<void> => {
    server.end();
    await server.gone;
  };
  return {
    url,
    crash: async () => {
      process.kill(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT');
      await stop();
    },
    restart: async () => void (server = await start()),
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Running {
  end(): void;
  readonly gone: Promise<unknown>;
}

/** The pipe closes when this process ends, even by kill -9. */
const UNTIL_STDIN_CLOSES = '"$@" </dev/null & server=$!; cat >/dev/null; kill -INT $server; wait $server';

const FOR_TESTS = ['listen_addresses=127.0.0.1', 'fsync=off', 'max_connections=100', 'random_page_cost=1.1'];

const optionsOf = (data: string, port: number, settings: readonly string[]): string[] =>
  ['-D', data, '-p', String(port), '-k', ''].concat([...FOR_TESTS, ...settings].flatMap(setting => ['-c', setting]));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise(done => server.close(done));
  if (!address || typeof address === 'string') throw new Error('This machine has no free port.');
  return address.port;
}

async function untilItAnswers(url: string): Promise<void> {
  let failure: unknown;
  for (const giveUp = Date.now() + 15_000; Date.now() < giveUp; await sleep(50)) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      failure = error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw new Error('The local Postgres does not answer.', { cause: failure });
}
