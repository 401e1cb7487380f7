import { createClient } from 'redis';
import { type Finding, good, messageOf, odd } from './findings.ts';

const PATIENCE_MS = 2_000;

/** The shop starts without it, so a Redis that is away stops nothing. */
export async function redisServer(url: string): Promise<Finding> {
  const client = createClient({ url, socket: { connectTimeout: PATIENCE_MS, reconnectStrategy: false } });
  client.on('error', () => {}); // `connect` rejects with it.
  try {
    await client.connect();
    await client.ping();
    const version = /redis_version:(\S+)/.exec(await client.info('server'))?.[1];
    return good(`Redis ${version ?? ''} answers`);
  } catch (error) {
    return odd(
      `Redis does not answer: ${messageOf(error)}`,
      'Until it does, each process counts its rate limits alone.',
    );
  } finally {
    client.destroy();
  }
}
