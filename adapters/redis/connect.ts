import { createClient } from 'redis';
import type { Logger } from '../../application/ports/logger.ts';

/**
 * A client that connects in the background and keeps trying. While Redis is away its commands fail at once: nothing that
 * a sale needs waits for it.
 */
export function connectRedis(url: string, logger: Logger) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: 1000 },
    // A server that hangs says nothing to a ping either: the line is given up, and commands fail as if it were away.
    pingInterval: 500,
    socket: {
      connectTimeout: 2000,
      socketTimeout: 1500,
      reconnectStrategy: retries => Math.min(50 * 2 ** retries, 2000),
    },
  });
  let up = true;
  client.on('error', (error: unknown) => {
    if (up) logger.warn('Redis is away', { error });
    up = false;
  });
  client.on('ready', () => {
    if (!up) logger.info('Redis is back');
    up = true;
  });
  client.connect().catch(() => undefined); // The error event has told of it.
  return client;
}

export type RedisClient = ReturnType<typeof connectRedis>;
