import type { Middleware } from 'koa';
import type { Ids } from '../../../application/ports/ids.ts';

const ACCEPTED = /^[\w-]{8,64}$/;

/** Names the request in logs and errors: by the client's own id if that is harmless, else by a new one. */
export function requestId(ids: Ids): Middleware {
  return async (ctx, next) => {
    const sent = ctx.get('X-Request-Id');
    const id = ACCEPTED.test(sent) ? sent : ids.next();
    ctx.state['requestId'] = id;
    ctx.set('X-Request-Id', id);
    await next();
  };
}
