import { isIP, isIPv6 } from 'node:net';
import type { Middleware } from 'koa';

/**
 * Where a request comes from, as far as it can be believed. Each of our own proxies adds the address that it heard the
 * request from at the right end of `X-Forwarded-For`, so with so many of them that entry from the right is true; what
 * stands before it anybody may have written.
 */
export function addressOf(socketAddress: string, forwarded: string, trustedProxies: number): string {
  const entries = forwarded.split(',').map(entry => entry.trim());
  const named = trustedProxies > 0 ? entries.at(-trustedProxies) : undefined;
  return plain(named && isIP(named) ? named : socketAddress);
}

/** Makes `ctx.ip` what can be believed, for all that comes after. */
export const believeAddress =
  (trustedProxies: number): Middleware =>
  (ctx, next) => {
    const { remoteAddress = '' } = ctx.req.socket;
    ctx.request.ip = addressOf(remoteAddress, ctx.get('X-Forwarded-For'), trustedProxies);
    return next();
  };

/** What counts as one caller: an IPv4 address, or the /64 that one household or machine has of IPv6. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return `${groups.map(group => parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** An IPv4 address that was written as one of IPv6 is the same. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
