import type { DomainError, ErrorKind } from '../../domain/shared/domain-error.ts';

interface ErrorCode {
  readonly status: number;
  readonly meaning: string;
}

/** Every code that a client can meet. Codes are public: renaming one is a breaking change. */
export const ERROR_CODES = {
  VALIDATION_ERROR: { status: 400, meaning: 'A parameter, header or field has the wrong shape; `details` names each.' },
  MALFORMED_JSON: { status: 400, meaning: 'The body is not JSON.' },
  TOKEN_INVALID: { status: 400, meaning: 'The token from the mail was used, is over, or is none: ask for another.' },
  SIGNATURE_INVALID: { status: 400, meaning: 'No current secret has signed these bytes lately.' },
  IDEMPOTENCY_KEY_MISSING: { status: 400, meaning: 'This route needs an `Idempotency-Key`.' },
  IDEMPOTENCY_KEY_INVALID: { status: 400, meaning: 'The key is not 1 to 255 visible ASCII characters.' },
  UNAUTHENTICATED: { status: 401, meaning: 'No token, or one that does not verify.' },
  TOKEN_EXPIRED: { status: 401, meaning: 'The access token is over: refresh it.' },
  TOKEN_REVOKED: { status: 401, meaning: 'The access token was ended: sign in again.' },
  INVALID_CREDENTIALS: { status: 401, meaning: 'E-mail, password or code is wrong.' },
  MFA_REQUIRED: { status: 401, meaning: 'The password is right; send a code of the second factor as `otp`, too.' },
  REFRESH_TOKEN_REUSED: { status: 401, meaning: 'A refresh token came twice: its session is ended.' },
  PAYMENT_DECLINED: { status: 402, meaning: 'The payment was declined; stock and cart are as before.' },
  FORBIDDEN: { status: 403, meaning: 'You lack the permission.' },
  MFA_ENROLMENT_REQUIRED: { status: 403, meaning: 'Staff of this shop needs a second factor: set one up first.' },
  NOT_FOUND: { status: 404, meaning: 'There is no such thing, or it is not yours.' },
  METHOD_NOT_ALLOWED: { status: 405, meaning: 'The path exists, but not with this method; see `Allow`.' },
  NOT_ACCEPTABLE: { status: 406, meaning: 'Answers are JSON (exports: CSV); `Accept` excludes it.' },
  INSUFFICIENT_STOCK: { status: 409, meaning: 'There is not enough; `details.lines` names each short line.' },
  CART_NOT_OPEN: { status: 409, meaning: 'The cart was checked out; `details.order_id` names the order.' },
  CART_EMPTY: { status: 409, meaning: 'There is nothing in the cart.' },
  PRICE_CHANGED: { status: 409, meaning: 'The total is not the expected one; `details.total` is.' },
  TOO_MANY_OPEN_ORDERS: {
    status: 409,
    meaning: 'You have unpaid orders that hold stock; `details.order_ids` names them.',
  },
  ITEM_UNAVAILABLE: { status: 409, meaning: 'It is not sold, or no longer.' },
  SKU_TAKEN: { status: 409, meaning: 'Another variant has this SKU.' },
  SLUG_TAKEN: { status: 409, meaning: 'Another product or category has this slug.' },
  EMAIL_TAKEN: { status: 409, meaning: 'There is an account with this e-mail address.' },
  LAST_ADMINISTRATOR: { status: 409, meaning: 'The only administrator cannot be erased: name another one first.' },
  ROLE_TAKEN: { status: 409, meaning: 'There is a role of this name.' },
  ROLE_IN_USE: { status: 409, meaning: 'Somebody has the role.' },
  ROLE_BUILT_IN: { status: 409, meaning: 'The shop needs the role as it is.' },
  CATEGORY_NOT_EMPTY: { status: 409, meaning: 'The category holds products or categories.' },
  INVALID_TRANSITION: { status: 409, meaning: 'The state it is in does not allow this.' },
  STOCK_BELOW_RESERVED: { status: 409, meaning: 'Open orders hold more than would be left.' },
  RESERVATION_EXPIRED: { status: 409, meaning: 'The payment took too long; the stock was given back.' },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, meaning: 'The same request is still running; see `Retry-After`.' },
  IDEMPOTENCY_ANSWER_LOST: { status: 409, meaning: 'It was done, but its answer was lost; read it again.' },
  PRECONDITION_FAILED: { status: 412, meaning: '`If-Match` names another version than the current one.' },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The body is larger than 100 kB (imports: 20 MB).' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, meaning: 'The body must be `application/json` (imports: `text/csv`).' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, meaning: 'The key came with another request before.' },
  REFUND_TOO_LARGE: { status: 422, meaning: 'More than what is left to refund; `details.refundable` is that.' },
  RULE_VIOLATION: { status: 422, meaning: 'A rule of the shop forbids it.' },
  QUANTITY_TOO_LARGE: { status: 422, meaning: 'A line would pass 999.' },
  CART_FULL: { status: 422, meaning: 'A cart would pass 100 lines.' },
  CURRENCY_MISMATCH: { status: 422, meaning: 'A cart, like a product, holds prices of one currency.' },
  LAST_VARIANT: { status: 422, meaning: 'A product keeps at least one variant.' },
  TOO_MANY_VARIANTS: { status: 422, meaning: 'A product would have too many variants.' },
  RATE_LIMITED: { status: 429, meaning: 'Too many requests; try again after `Retry-After`.' },
  INTERNAL_ERROR: { status: 500, meaning: 'Our fault; quote `request_id`.' },
  UNAVAILABLE: { status: 503, meaning: 'The shop or its database is away or too busy; try again after `Retry-After`.' },
} as const satisfies Record<string, ErrorCode>;

export type PublicCode = keyof typeof ERROR_CODES;

const STATUS_OF_KIND: Record<ErrorKind, number> = { invalid: 422, 'not-found': 404, conflict: 409, forbidden: 403 };

/** The one place where a refusal of the shop becomes a status. */
export const statusOf = (error: DomainError): number =>
  (ERROR_CODES as Record<string, ErrorCode>)[error.code]?.status ?? STATUS_OF_KIND[error.kind];

/** What only HTTP can refuse: methods, media types, sizes. */
export class HttpRefusal extends Error {
  readonly code: PublicCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly extraHeaders: Readonly<Record<string, string>>;

  constructor(
    code: PublicCode,
    message: string = ERROR_CODES[code].meaning,
    details: Readonly<Record<string, unknown>> = {},
    extraHeaders: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code = code;
    this.details = details;
    this.extraHeaders = extraHeaders;
  }
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export const errorBody = ({ code, message, details }: Refusal, requestId: string, at: Date): string =>
  JSON.stringify({ error: { code, message, details, timestamp: at.toISOString(), request_id: requestId } });
