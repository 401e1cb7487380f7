import type { IncomingHttpHeaders } from 'node:http';
import type Joi from 'joi';
import type { Permission, Rights } from '../../domain/identity/permissions.ts';
import type { CartKey } from '../../application/cart/cart-key.ts';
import type { IdempotencyClaim, StoredAnswer } from '../../application/ports/idempotency-records.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { RequestClass } from '../../application/ports/rate-limits.ts';
import type { AccessClaims } from '../../application/ports/access-tokens.ts';
import type { PublicCode } from './errors.ts';
import type { CursorCodec } from './cursors.ts';

/** `public`: anyone · `customer`: signed in · `cart`: signed in or holding a cart token · else a permission. */
export type Access = 'public' | 'customer' | 'cart' | Permission;

/**
 * `own`: the use case claims the key itself · `ignored`: the answer holds secrets that must not be stored · `derived`: so
 * it does, but with the same key the use case makes the same answer again.
 */
export type IdempotencyRule = 'required' | 'accepted' | 'own' | 'ignored' | 'derived';

export interface RouteRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Undefined for anonymous callers and machines. */
  readonly caller: AccessClaims | undefined;
  /** In whose name it happens, where the route demands to know. */
  readonly userId: UserId;
  /** What the caller may do at this moment, where the route asks for a permission or shows more to some. */
  readonly rights: Rights;
  /** Whose cart is meant, where the route's access is `cart`. */
  readonly cart: CartKey;
  /** As sent, for a login that takes the guest's cart along. */
  readonly cartToken: string | undefined;
  /** The version that `If-Match` names; undefined when absent or `*`. */
  readonly ifMatch: number | undefined;
  readonly claim: IdempotencyClaim | undefined;
  /** As sent, for routes whose rule is `derived`. */
  readonly idempotencyKey: string | undefined;
  readonly requestId: string;
  /** Where the caller is, as far as one can be told from another: an IPv4 address, or the /64 of an IPv6 one. */
  readonly network: string;
  /** Path and query as sent, for `links.self`. */
  readonly url: string;
  readonly cursors: CursorCodec;
  /** The body as it comes in, for routes that stream. */
  readonly stream: AsyncIterable<Uint8Array>;
  readonly contentLength: number | undefined;
  readonly headers: IncomingHttpHeaders;
}

export type Answer =
  | {
      readonly status: 200 | 201 | 202;
      readonly data: unknown;
      readonly meta?: Readonly<Record<string, unknown>>;
      readonly links?: Readonly<Record<string, string>>;
      /** Sent as `ETag`, to come back in `If-Match`. */
      readonly version?: number;
      /** Goes into the `ETag` beside the version, where the answer can differ without a new version. */
      readonly content?: string;
      readonly location?: string;
    }
  | { readonly status: 204 }
  | {
      readonly status: number;
      readonly stored: StoredAnswer;
      readonly replayed: boolean;
      /** In a word, for the figures. */
      readonly outcome: string;
    }
  /** Without the envelope, for formats that others have fixed. */
  | { readonly status: 200 | 503; readonly raw: unknown; readonly type?: string; readonly fileName?: string };

export interface AnswerSchema {
  readonly shape: 'one' | 'list' | 'none' | 'raw';
  readonly schema?: Joi.Schema;
  readonly type?: string;
  readonly meta?: Joi.Schema;
}

export interface RouteSpec<Params, Query, Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As in OpenAPI: `/products/{id}`, below `/api/v1` unless `atRoot`. */
  readonly path: string;
  readonly atRoot?: boolean;
  /** Operation id in OpenAPI; unique. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  /** What is sent as `Authorization` is for the route itself to judge. */
  readonly credentials?: 'own';
  /** Anybody may ask, and those who hold this are told more. */
  readonly showsMoreTo?: Permission;
  /** Only for POST and PATCH; `accepted` when left out. */
  readonly idempotency?: IdempotencyRule;
  /** What it counts as against a caller's limit; `read` for GET and `write` for the rest when left out. */
  readonly rate?: RequestClass;
  /** How clients may keep the answer; `private, no-store` when left out. */
  readonly caching?: 'public';
  readonly params?: Joi.ObjectSchema<Params>;
  readonly query?: Joi.ObjectSchema<Query>;
  /** `csv` and `signed` bodies come as a stream, unread. */
  readonly body?: Joi.ObjectSchema<Body> | 'csv' | 'signed';
  readonly answers: Readonly<Record<number, AnswerSchema>>;
  /** What it refuses beyond what every route does. */
  readonly errors?: readonly PublicCode[];
  readonly handle: (request: RouteRequest<Params, Query, Body>) => Promise<Answer> | Answer;
  /** What to answer instead to a repetition, where it was done and the answer was lost: how things are now. */
  readonly again?: (request: RouteRequest<Params, Query, Body>) => Promise<Answer>;
}

/** A row of the route table: the one source of validation, permissions, idempotency and the OpenAPI document. */
export type Route = RouteSpec<never, never, never>;

/** Fixes the types of one row; the table holds rows of all types. */
export const route = <Params = unknown, Query = unknown, Body = unknown>(spec: RouteSpec<Params, Query, Body>): Route =>
  spec as unknown as Route;

export const idempotencyOf = (row: Route): IdempotencyRule | undefined =>
  row.method === 'POST' || row.method === 'PATCH' ? (row.idempotency ?? 'accepted') : undefined;

export const permissionOf = ({ access }: Route): Permission | undefined =>
  access === 'public' || access === 'customer' || access === 'cart' ? undefined : access;

/** Whether it is for those alone who may change the shop, and may change it: that is audited. */
export const isStaffAct = (row: Route): boolean => row.method !== 'GET' && permissionOf(row) !== undefined;

export const rateOf = (row: Route): RequestClass => row.rate ?? (row.method === 'GET' ? 'read' : 'write');

export const fullPath = (row: Route): string => (row.atRoot ? row.path : `/api/v1${row.path}`);

export const one = (schema: Joi.Schema, meta?: Joi.Schema): AnswerSchema => ({
  shape: 'one',
  schema,
  ...(meta && { meta }),
});
export const list = (schema: Joi.Schema, meta?: Joi.Schema): AnswerSchema => ({
  shape: 'list',
  schema,
  ...(meta && { meta }),
});
export const raw = (schema: Joi.Schema, type = 'application/json'): AnswerSchema => ({ shape: 'raw', schema, type });
export const none: AnswerSchema = { shape: 'none' };
