import type { Middleware } from 'koa';
import type { Clock } from '../../../application/ports/clock.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { TooManyAttempts } from '../../../application/ports/rate-limits.ts';
import { Unavailable } from '../../../application/ports/unit-of-work.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { ERROR_CODES, errorBody, HttpRefusal, statusOf } from '../errors.ts';

interface Verdict {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Turns whatever was thrown into the contract's error. Nothing of an unexpected error reaches the client. */
export function errorBoundary({ clock, logger }: { clock: Clock; logger: Logger }): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const verdict = judge(error);
      const requestId = String(ctx.state['requestId']);
      if (verdict.status >= 500) logger.error('request failed', { request_id: requestId, path: ctx.path, error });
      ctx.status = verdict.status;
      ctx.state['outcome'] = verdict.code;
      ctx.set(headersFor(verdict));
      ctx.remove('ETag');
      ctx.type = 'application/json';
      ctx.body = errorBody(verdict, requestId, clock.now());
    }
  };
}

function judge(error: unknown): Verdict {
  if (error instanceof DomainError)
    return { status: statusOf(error), code: error.code, message: error.message, details: error.details };
  if (error instanceof HttpRefusal)
    return {
      status: ERROR_CODES[error.code].status,
      code: error.code,
      message: error.message,
      details: error.details,
      headers: error.extraHeaders,
    };
  if (error instanceof TooManyAttempts) {
    const { status, meaning } = ERROR_CODES.RATE_LIMITED;
    const headers = { 'Retry-After': String(error.retryAfterSeconds) };
    return { status, code: 'RATE_LIMITED', message: meaning, details: {}, headers };
  }
  const code = error instanceof Unavailable ? 'UNAVAILABLE' : 'INTERNAL_ERROR';
  return { status: ERROR_CODES[code].status, code, message: ERROR_CODES[code].meaning, details: {} };
}

function headersFor({ status, code, headers = {} }: Verdict): Record<string, string> {
  return {
    'Cache-Control': 'no-store',
    ...(status === 401 && {
      'WWW-Authenticate': code.startsWith('TOKEN_') ? 'Bearer error="invalid_token"' : 'Bearer',
    }),
    ...((status === 503 || code === 'IDEMPOTENCY_IN_PROGRESS') && { 'Retry-After': '1' }),
    ...(status === 413 && { Connection: 'close' }), // The rest of the body is still on its way.
    ...headers,
  };
}
