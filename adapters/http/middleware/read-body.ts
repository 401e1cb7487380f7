import { bodyParser } from '@koa/bodyparser';
import type { Context } from 'koa';
import { requirePlainJson } from '../plain-json.ts';
import { HttpRefusal } from '../errors.ts';

const MOST_BYTES = 100_000;

/** What the body parser throws carries a type or a status of its own. */
interface ParserError {
  readonly type?: string;
  readonly status?: number;
}

const parse = bodyParser({
  enableTypes: ['json'],
  jsonLimit: MOST_BYTES,
  jsonStrict: false,
  encoding: 'utf-8',
  parsedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  onError: error => {
    const { type, status } = error as ParserError;
    if (type === 'entity.too.large' || status === 413) throw new HttpRefusal('PAYLOAD_TOO_LARGE');
    if (type?.startsWith('encoding') || status === 415) throw new HttpRefusal('UNSUPPORTED_MEDIA_TYPE');
    throw new HttpRefusal('MALFORMED_JSON');
  },
});

/** The parsed JSON body. @throws HttpRefusal 400, 413 or 415 */
export async function readJson(ctx: Context): Promise<unknown> {
  const charset = ctx.request.charset.toLowerCase();
  if (!ctx.is('application/json') || (charset && charset !== 'utf-8')) throw new HttpRefusal('UNSUPPORTED_MEDIA_TYPE');
  if ((ctx.request.length ?? 0) > MOST_BYTES) throw new HttpRefusal('PAYLOAD_TOO_LARGE');
  await parse(ctx, async () => {});
  if (ctx.request.rawBody === undefined || ctx.request.rawBody.trim() === '') throw new HttpRefusal('MALFORMED_JSON');
  return requirePlainJson(ctx.request.body);
}

export function requireCsv(ctx: Context): void {
  const charset = ctx.request.charset.toLowerCase();
  if (!ctx.is('text/csv') || (charset && charset !== 'utf-8')) throw new HttpRefusal('UNSUPPORTED_MEDIA_TYPE');
}
