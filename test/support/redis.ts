import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';

export interface TestRedis {
  readonly url: string;
  /** It hears and says nothing any more, as a machine does that has no memory left. */
  hang(): void;
  goOn(): void;
  stop(): Promise<void>;
}

const installed = spawnSync('redis-server', ['--version']).status === 0;

/** Why there is no Redis to test with; undefined when there is one. */
export const missingRedis = installed ? undefined : 'no redis-server is installed';

/** An empty Redis of this suite alone, on a free port. */
export async function startRedis(port?: number): Promise<TestRedis> {
  const chosen = port ?? (await freePort());
  const server = spawn('redis-server', ['--port', String(chosen), '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  });
  const url = `redis://127.0.0.1:${chosen}`;
  const client = createClient({ url, socket: { reconnectStrategy: 20 } });
  client.on('error', () => undefined);
  await client.connect();
  client.destroy();
  return {
    url,
    hang: () => void server.kill('SIGSTOP'),
    goOn: () => void server.kill('SIGCONT'),
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

/** Waits until something holds, for at most five seconds. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 250; tries += 1) {
    if (await holds()) return;
    await sleep(20);
  }
  throw new Error('it did not come to hold within five seconds');
}
