import type { IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import { DomainError, invalidValue } from '../../../domain/shared/domain-error.ts';

/** Headers of which there is one, and of which Node silently takes the first. */
const SINGLE = new Set(['host', 'authorization', 'content-type']);

/**
 * Refuses what a proxy before the shop may have read otherwise than the shop does: no host or two of them, two
 * authorizations, or another shop's address in place of a path, which would come back in links.
 */
export const oneMeaning: Middleware = async (ctx, next) => {
  const problem = problemWith(ctx.req);
  if (problem) {
    // What follows on this line may have been meant for somebody else.
    ctx.set('Connection', 'close');
    throw problem;
  }
  await next();
};

function problemWith({ rawHeaders, httpVersionMinor, url = '' }: IncomingMessage): DomainError | undefined {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return doubled(name);
    seen.add(name);
  }
  if (!seen.has('host') && httpVersionMinor > 0) return invalidValue('Host', 'is missing');
  if (!url.startsWith('/') && url !== '*') return invalidValue('path', 'must begin with a slash');
  return undefined;
}

function doubled(name: string): DomainError {
  if (name !== 'authorization') return invalidValue(name, 'must be given once');
  return new DomainError('forbidden', 'UNAUTHENTICATED', 'There is more than one Authorization.');
}
