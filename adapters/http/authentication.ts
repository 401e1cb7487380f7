import type { Context } from 'koa';
import type { AccessClaims, AccessTokens } from '../../application/ports/access-tokens.ts';
import type { TokenRevocations } from '../../application/ports/revoked-tokens.ts';
import type { SecretTokens } from '../../application/ports/secret-tokens.ts';
import type { CartKey } from '../../application/cart/cart-key.ts';
import { PERMISSIONS_OF } from '../../domain/identity/permissions.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Access } from './route.ts';

interface Ports {
  readonly accessTokens: AccessTokens;
  readonly tokenRevocations: TokenRevocations;
  readonly secretTokens: SecretTokens;
}

export interface Identified {
  readonly caller: AccessClaims | undefined;
  readonly cart: CartKey | undefined;
  readonly cartToken: string | undefined;
}

const refused = (code: string, message: string) => new DomainError('forbidden', code, message);

const CART_TOKEN = /^[\w-]{16,128}$/;

/** Says who is calling. A token that does not verify is refused, even where none is needed. */
export async function identify(ctx: Context, ports: Ports): Promise<Identified> {
  const caller = await callerOf(ctx, ports);
  const sent = ctx.get('X-Cart-Token');
  const cartToken = CART_TOKEN.test(sent) ? sent : undefined;
  const guest = cartToken === undefined ? undefined : { tokenHash: ports.secretTokens.hash(cartToken) };
  return { caller, cartToken, cart: caller ? { userId: caller.userId } : guest };
}

async function callerOf(ctx: Context, { accessTokens, tokenRevocations }: Ports): Promise<AccessClaims | undefined> {
  const header = ctx.get('Authorization');
  if (!header) return undefined;
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1];
  const claims = token ? accessTokens.verify(token) : 'invalid';
  if (claims === 'invalid') throw refused('UNAUTHENTICATED', 'The access token does not verify.');
  if (claims === 'expired') throw refused('TOKEN_EXPIRED', 'The access token is over: refresh it.');
  if (await tokenRevocations.isRevoked(claims.id)) throw refused('TOKEN_REVOKED', 'Sign in again.');
  return claims;
}

/** @throws DomainError 401 for who is unknown, 403 for who may not */
export function authorize(access: Access, { caller, cart }: Identified): void {
  if (access === 'public') return;
  if (access === 'cart') {
    if (!cart) throw refused('UNAUTHENTICATED', 'Sign in, or send the cart token as X-Cart-Token.');
    return;
  }
  if (!caller) throw refused('UNAUTHENTICATED', 'Sign in and send the access token.');
  if (access !== 'customer' && !PERMISSIONS_OF[caller.role].includes(access))
    throw new DomainError('forbidden', 'FORBIDDEN', `This needs the permission ${access}.`, { permission: access });
}
