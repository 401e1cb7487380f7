import type { Middleware } from 'koa';
import type { Answered, Onlooker, RouteMark } from '../answered.ts';

/** Tells of every request; without onlookers it is not worth having. */
export function watchRequests(onlookers: readonly Onlooker[]): Middleware {
  return async (ctx, next) => {
    const started = performance.now();
    for (const onlooker of onlookers) onlooker.began?.();
    try {
      await next();
    } finally {
      const request: Answered = {
        route: ctx.state['route'] as RouteMark | undefined,
        method: ctx.method,
        path: ctx.path,
        status: ctx.status,
        seconds: (performance.now() - started) / 1000,
        outcome: ctx.state['outcome'] as string | undefined,
      };
      for (const onlooker of onlookers) onlooker.answered(request);
    }
  };
}
