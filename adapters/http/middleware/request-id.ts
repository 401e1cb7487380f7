import type { Middleware } from 'koa';
import { withOrigin } from '../../../application/audit/origin.ts';
import type { Ids } from '../../../application/ports/ids.ts';

const ACCEPTED = /^[\w-]{8,64}$/;
/** W3C Trace Context: version, trace, span, flags. Version ff and a trace of zeros are no traces. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;

/**
 * Names the request in logs and errors: by the client's own id if that is harmless, else by a new one. Whatever is logged
 * on the way to the answer bears it, and the trace that the caller says it belongs to.
 */
export function requestId(ids: Ids): Middleware {
  return (ctx, next) => {
    const sent = ctx.get('X-Request-Id');
    const id = ACCEPTED.test(sent) ? sent : ids.next();
    ctx.state['requestId'] = id;
    ctx.set('X-Request-Id', id);
    return withOrigin({ address: ctx.ip, requestId: id, traceId: traceOf(ctx.get('traceparent')) }, next);
  };
}

const traceOf = (sent: string): string | undefined => (sent === '' ? undefined : TRACEPARENT.exec(sent)?.[1]);
