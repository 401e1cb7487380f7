import type { Context } from 'koa';
import { type RateLimits, TooManyAttempts } from '../../application/ports/rate-limits.ts';
import { networkOf } from './client-address.ts';
import type { Identified } from './authentication.ts';
import { type Route, rateOf } from './route.ts';

/** Counts the request against its caller: the machine, the account, or else the address. @throws TooManyAttempts */
export async function limitRate(
  row: Route,
  ctx: Context,
  { caller, machine }: Identified,
  limits: RateLimits,
): Promise<void> {
  if (row.atRoot) return; // Probes and documents, which load balancers ask for all the time.
  const name = rateOf(row);
  const known = machine ? `key:${machine.id}` : caller && `user:${caller.userId}`;
  const who = known !== undefined && name !== 'sign-in' ? known : `address:${networkOf(ctx.ip)}`;
  const { allowed, limit, windowSeconds, remaining, resetSeconds } = await limits.take(name, who);
  ctx.set('RateLimit-Policy', `"${name}";q=${limit};w=${windowSeconds}`);
  ctx.set('RateLimit', `"${name}";r=${remaining};t=${resetSeconds}`);
  if (!allowed) throw new TooManyAttempts(resetSeconds);
}
