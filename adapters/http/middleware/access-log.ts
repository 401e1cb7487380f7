import type { Middleware } from 'koa';
import type { Logger } from '../../../application/ports/logger.ts';

/** One line a request; the path without its query, which may hold what a customer typed. */
export function accessLog(logger: Logger): Middleware {
  return async (ctx, next) => {
    const started = performance.now();
    await next();
    logger.info('request', {
      request_id: ctx.state['requestId'],
      method: ctx.method,
      path: ctx.path,
      status: ctx.status,
      ms: Math.round((performance.now() - started) * 10) / 10,
    });
  };
}
