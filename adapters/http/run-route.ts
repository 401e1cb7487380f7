import Joi from 'joi';
import type { Context } from 'koa';
import { currentOrigin, withOrigin } from '../../application/audit/origin.ts';
import { answerLost, type OnceOnly } from '../../application/idempotency/once-only.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { StoredAnswer } from '../../application/ports/idempotency-records.ts';
import type { RateLimits } from '../../application/ports/rate-limits.ts';
import { DomainError, invalidValue } from '../../domain/shared/domain-error.ts';
import { admit, type AdmissionPorts, notingRefusals } from './admission.ts';
import { httpAnswers } from './answer-format.ts';
import { type AuthenticationPorts, identify, type Identified, NOBODY } from './authentication.ts';
import { networkOf } from './client-address.ts';
import type { CursorCodec } from './cursors.ts';
import { HttpRefusal } from './errors.ts';
import { claimOf, keyOf } from './idempotency.ts';
import { readJson, requireCsv } from './middleware/read-body.ts';
import { limitRate } from './rate-limit.ts';
import { requirePlainText } from './plain-json.ts';
import { type Answer, idempotencyOf, isStaffAct, type Route, type RouteRequest } from './route.ts';
import { validate } from './validate.ts';

export interface RoutePorts extends AuthenticationPorts, AdmissionPorts {
  readonly onceOnly: OnceOnly;
  readonly cursors: CursorCodec;
  readonly clock: Clock;
  /** Undefined: no limits. */
  readonly rateLimits: RateLimits | undefined;
}

type AnyRequest = RouteRequest<unknown, unknown, unknown>;
type Handler = (given: AnyRequest) => Promise<Answer> | Answer;

/** Carries out one row of the route table: who, what exactly, once only, answer. */
export async function runRoute(row: Route, ctx: Context, ports: RoutePorts): Promise<void> {
  const identified =
    row.credentials === 'own'
      ? NOBODY
      : await identify(ctx, ports).catch((error: unknown) => countAndRefuse(row, ctx, ports, error));
  const origin = {
    ...currentOrigin(),
    userId: identified.userId,
    apiKeyId: identified.machine?.id,
    act: isStaffAct(row) ? { name: row.name, told: false } : undefined,
  };
  await withOrigin(origin, () => serve(row, ctx, ports, identified));
}

/** Whoever tries tokens is counted like anybody else. */
async function countAndRefuse(row: Route, ctx: Context, { rateLimits }: RoutePorts, refusal: unknown): Promise<never> {
  if (rateLimits && refusal instanceof DomainError) await limitRate(row, ctx, NOBODY, rateLimits);
  throw refusal;
}

async function serve(row: Route, ctx: Context, ports: RoutePorts, identified: Identified): Promise<void> {
  if (ports.rateLimits) await limitRate(row, ctx, identified, ports.rateLimits);
  const rights = await admit(row, identified, ports);
  requireAccept(row, ctx);
  const params = row.params ? validate(row.params, { ...pathParams(ctx) }, { convert: true, root: 'path' }) : {};
  const query = row.query ? validate(row.query, plainQuery(ctx), { convert: true, root: 'query' }) : {};
  const body = await bodyOf(row, ctx);
  const rule = idempotencyOf(row);
  const claim = rule && claimOf(ctx, rule, identified, body);
  const request = {
    params,
    query,
    body,
    ...identified,
    rights,
    ifMatch: ifMatch(ctx),
    claim,
    idempotencyKey: rule === 'derived' ? keyOf(ctx) : undefined,
    requestId: String(ctx.state['requestId']),
    network: networkOf(ctx.ip),
    url: ctx.url,
    cursors: ports.cursors,
    stream: ctx.req,
    contentLength: ctx.request.length,
    headers: ctx.headers,
  } as unknown as AnyRequest;
  const handle = () => notingRefusals(row, ports, () => (row.handle as Handler)(request));
  if (!claim || rule === 'own') return send(ctx, row, await handle());
  let fresh: Answer | undefined;
  const attempt = async () => {
    const result = await answerOrRefusal(handle, claim.requestId, ports.clock);
    if ('answer' in result) fresh = result.answer;
    return 'answer' in result ? stored(ctx, result.answer) : result.refusal;
  };
  const again = async () => {
    const known = row.again as ((given: AnyRequest) => Promise<Answer>) | undefined;
    return known
      ? stored(ctx, await known(request))
      : httpAnswers.refused(answerLost(), claim.requestId, ports.clock.now());
  };
  const { answer, replayed } = await ports.onceOnly.run(claim, attempt, again);
  if (fresh && !replayed) sendHeaders(ctx, row, fresh);
  sendStored(ctx, answer, replayed);
}

async function answerOrRefusal(
  handle: () => Promise<Answer>,
  requestId: string,
  clock: Clock,
): Promise<{ answer: Answer } | { refusal: StoredAnswer }> {
  try {
    return { answer: await handle() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { refusal: httpAnswers.refused(error, requestId, clock.now()) };
  }
}

async function bodyOf(row: Route, ctx: Context): Promise<unknown> {
  if (!row.body) return requireNoBody(row, ctx);
  if (row.body === 'signed') return undefined;
  if (row.body === 'csv') return requireCsv(ctx);
  return validate(row.body, await readJson(ctx), { convert: false, root: 'body' });
}

const NOTHING = Joi.object({});

/** A body that nobody reads may still say something that the caller relies on. */
async function requireNoBody(row: Route, ctx: Context): Promise<undefined> {
  if (row.method === 'GET' || !(ctx.request.length || ctx.get('Transfer-Encoding'))) return undefined;
  validate(NOTHING, await readJson(ctx), { convert: false, root: 'body' });
}

function pathParams(ctx: Context): Record<string, string> {
  const params = (ctx as Context & { params: Record<string, string> }).params;
  for (const [name, value] of Object.entries(params)) requirePlainText(value, name);
  return params;
}

function plainQuery(ctx: Context): Record<string, unknown> {
  const query = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(ctx.query)) {
    if (typeof value !== 'string') throw invalidValue(name, 'must be given once');
    requirePlainText(value, name);
    query[name] = value;
  }
  return query;
}

function requireAccept(row: Route, ctx: Context): void {
  const types = Object.values(row.answers).map(answer => answer.type ?? 'application/json');
  // Parameters such as a charset describe what we send anyway; only a preference matters.
  ctx.req.headers.accept = ctx.get('Accept').replace(/;(?!\s*q=)[^,;]*/gi, '') || undefined;
  if (!ctx.accepts(...types)) throw new HttpRefusal('NOT_ACCEPTABLE');
}

/** What a tag that is not ours asks for. */
const NEVER_CURRENT = 0;

function ifMatch(ctx: Context): number | undefined {
  const header = ctx.get('If-Match');
  if (!header || header === '*') return undefined;
  if (!/^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(header)) throw invalidValue('If-Match', 'must be an ETag, such as "3"');
  const version = /^(?:W\/)?"(\d{1,9})(?:\.[\w-]+)?"$/.exec(header)?.[1];
  return version ? Number(version) : NEVER_CURRENT;
}

function send(ctx: Context, row: Route, answer: Answer): void {
  sendHeaders(ctx, row, answer);
  if ('outcome' in answer) ctx.state['outcome'] = answer.outcome;
  if ('stored' in answer) return sendStored(ctx, answer.stored, answer.replayed);
  if ('raw' in answer) {
    ctx.status = answer.status;
    ctx.type = answer.type ?? 'application/json';
    if (answer.fileName) ctx.attachment(answer.fileName);
    ctx.body = answer.raw;
    return;
  }
  sendStored(ctx, stored(ctx, answer), false);
}

function sendHeaders(ctx: Context, row: Route, answer: Answer): void {
  const shared = row.caching === 'public' && !ctx.get('Authorization');
  if (row.caching === 'public') ctx.vary('Authorization');
  ctx.set('Cache-Control', shared ? 'public, max-age=60, stale-while-revalidate=300' : 'private, no-store');
  if ('version' in answer && answer.version !== undefined)
    ctx.set('ETag', `"${answer.version}${answer.content ? `.${answer.content}` : ''}"`);
  if ('location' in answer && answer.location) ctx.set('Location', answer.location);
  if ('links' in answer && answer.links)
    ctx.set(
      'Link',
      Object.entries(linksOf(ctx, answer.links))
        .map(([rel, url]) => `<${url}>; rel="${rel}"`)
        .join(', '),
    );
}

/** The envelope, as text: what is stored under a key and what is sent are the same bytes. */
function stored(ctx: Context, answer: Answer): StoredAnswer {
  if ('stored' in answer) return answer.stored;
  if ('data' in answer) {
    const { status, data, meta = {}, links } = answer;
    return { status, body: JSON.stringify({ data, meta, links: linksOf(ctx, links) }) };
  }
  return { status: answer.status, body: '' };
}

const linksOf = (ctx: Context, links: Readonly<Record<string, string>> = {}) => ({ self: ctx.url, ...links });

function sendStored(ctx: Context, { status, body }: StoredAnswer, replayed: boolean): void {
  ctx.status = status;
  if (replayed) ctx.set('Idempotency-Replayed', 'true');
  if (!ctx.response.get('Cache-Control')) ctx.set('Cache-Control', 'private, no-store');
  if (body === '') return;
  ctx.type = 'application/json';
  ctx.body = body;
}
