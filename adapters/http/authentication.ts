import type { Context } from 'koa';
import type { CartKey } from '../../application/cart/cart-key.ts';
import type { Machine, RecogniseApiKey } from '../../application/identity/recognise-api-key.ts';
import type { AccessClaims, AccessTokens } from '../../application/ports/access-tokens.ts';
import type { TokenRevocations } from '../../application/ports/revoked-tokens.ts';
import type { SecretTokens } from '../../application/ports/secret-tokens.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';

export interface AuthenticationPorts {
  readonly accessTokens: AccessTokens;
  readonly tokenRevocations: TokenRevocations;
  readonly secretTokens: SecretTokens;
  readonly recogniseApiKey: RecogniseApiKey;
}

export interface Identified {
  /** Who is signed in; undefined for guests and machines. */
  readonly caller: AccessClaims | undefined;
  readonly machine: Machine | undefined;
  /** In whose name it happens. */
  readonly userId: UserId | undefined;
  readonly cart: CartKey | undefined;
  readonly cartToken: string | undefined;
}

/** Who has not said who they are. */
export const NOBODY: Identified = {
  caller: undefined,
  machine: undefined,
  userId: undefined,
  cart: undefined,
  cartToken: undefined,
};

export const refused = (code: string, message: string) => new DomainError('forbidden', code, message);

const CART_TOKEN = /^[\w-]{16,128}$/;

/** Says who is calling. A token or key that does not verify is refused, even where none is needed. */
export async function identify(ctx: Context, ports: AuthenticationPorts): Promise<Identified> {
  const { caller, machine } = await bearerOf(ctx, ports);
  const sent = ctx.get('X-Cart-Token');
  const cartToken = CART_TOKEN.test(sent) ? sent : undefined;
  const guest = cartToken === undefined ? undefined : { tokenHash: ports.secretTokens.hash(cartToken) };
  const cart = caller ? { userId: caller.userId } : guest;
  return { caller, machine, userId: caller?.userId ?? machine?.userId, cartToken, cart };
}

type Bearer = Pick<Identified, 'caller' | 'machine'>;

async function bearerOf(ctx: Context, ports: AuthenticationPorts): Promise<Bearer> {
  const header = ctx.get('Authorization');
  if (!header) return { caller: undefined, machine: undefined };
  const key = /^Bearer (pnr_[\w-]+)$/i.exec(header)?.[1];
  if (key === undefined) return { caller: await callerOf(header, ports), machine: undefined };
  const machine = await ports.recogniseApiKey.execute(key);
  if (!machine) throw refused('UNAUTHENTICATED', 'The API key is not good, or no longer.');
  return { caller: undefined, machine };
}

async function callerOf(
  header: string,
  { accessTokens, tokenRevocations }: AuthenticationPorts,
): Promise<AccessClaims> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1];
  const claims = token ? accessTokens.verify(token) : 'invalid';
  if (claims === 'invalid') throw refused('UNAUTHENTICATED', 'The access token does not verify.');
  if (claims === 'expired') throw refused('TOKEN_EXPIRED', 'The access token is over: refresh it.');
  if (await tokenRevocations.isRevoked(claims)) throw refused('TOKEN_REVOKED', 'Sign in again.');
  return claims;
}
