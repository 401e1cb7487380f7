/** A movement of a customer's money, in Stripe's units. */
export interface StripeMovement {
  readonly kind: 'held' | 'captured' | 'released' | 'refunded';
  readonly amount: number;
  readonly currency: string;
}

/** An error as Stripe words it. */
export class StripeRefusal extends Error {
  readonly httpCode: number;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(httpCode: number, type: string, code: string, more: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.httpCode = httpCode;
    this.facts = { type, code, message: `It was refused: ${code}`, ...more };
  }
}

const invalid = (code: string, param?: string): StripeRefusal =>
  new StripeRefusal(code === 'resource_missing' ? 404 : 400, 'invalid_request_error', code, param ? { param } : {});

const CARD_DECLINES: Readonly<Record<string, string>> = {
  pm_card_chargeDeclined: 'generic_decline',
  pm_card_chargeDeclinedInsufficientFunds: 'insufficient_funds',
};

const PAYS = /^pm_card_(?:visa|mastercard|captureDeclined|lost\w+)$/;

interface StoredIntent {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly created: number;
  readonly metadata: Readonly<Record<string, string>>;
  status: string;
  method: string;
  lastError: Readonly<Record<string, unknown>> | null;
  received: number;
  refunded: number;
  redirectsTo: string | undefined;
}

type Fields = ReadonlyMap<string, string>;

/** What Stripe knows: PaymentIntents and refunds, with the rules by which they move. Amounts in Stripe's units. */
export class StripeBank {
  readonly #intents: StoredIntent[] = [];
  readonly #refunds: (Readonly<Record<string, unknown>> & { payment_intent: string })[] = [];
  readonly #movements: (StripeMovement & { readonly ref: string | undefined })[] = [];
  readonly #now: () => number;

  /** @param now in seconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  movements(ref: string): StripeMovement[] {
    return this.#movements.flatMap(({ ref: of, ...movement }) => (of === ref ? [movement] : []));
  }

  /** Every intent, from the newest to the oldest. */
  get intents(): readonly StoredIntent[] {
    return this.#intents.toReversed();
  }

  create(fields: Fields): StoredIntent {
    const [amount, currency] = [Number(fields.get('amount')), fields.get('currency') ?? ''];
    checkAmount(amount, currency);
    if (fields.get('capture_method') === 'automatic') throw invalid('parameter_invalid', 'capture_method');
    const intent: StoredIntent = {
      id: `pi_local${this.#intents.length + 1}`,
      amount,
      currency,
      created: this.#now(),
      metadata: innerOf(fields, 'metadata'),
      status: 'requires_payment_method',
      method: '',
      lastError: null,
      received: 0,
      refunded: 0,
      redirectsTo: undefined,
    };
    this.#intents.push(intent);
    return intent;
  }

  find(id: string): StoredIntent {
    const intent = this.#intents.find(one => one.id === id);
    if (!intent) throw invalid('resource_missing', 'intent');
    return intent;
  }

  confirm(intent: StoredIntent, fields: Fields): StoredIntent {
    if (!/^requires_(?:payment_method|confirmation)$/.test(intent.status)) throw unexpectedState(intent);
    const method = fields.get('payment_method') ?? '';
    const decline = CARD_DECLINES[method];
    intent.method = method;
    if (decline) throw this.#decline(intent, 'card_declined', decline);
    if (method === 'pm_card_authenticationRequired') {
      intent.status = 'requires_action';
      intent.redirectsTo = fields.has('return_url') ? `https://hooks.stripe.test/3d_secure/${intent.id}` : undefined;
    } else if (PAYS.test(method)) this.#hold(intent);
    else throw invalid('resource_missing', 'payment_method');
    return intent;
  }

  capture(intent: StoredIntent, fields: Fields): StoredIntent {
    if (intent.status !== 'requires_capture') throw unexpectedState(intent);
    const amount = Number(fields.get('amount_to_capture') ?? intent.amount);
    if (amount > intent.amount) throw invalid('amount_too_large', 'amount_to_capture');
    if (intent.method === 'pm_card_captureDeclined')
      throw new StripeRefusal(402, 'card_error', 'charge_expired_for_capture');
    intent.status = 'succeeded';
    intent.received = amount;
    this.#move('captured', intent, amount);
    return intent;
  }

  cancel(intent: StoredIntent): StoredIntent {
    if (!intent.status.startsWith('requires_')) throw unexpectedState(intent);
    if (intent.status === 'requires_capture') this.#move('released', intent, intent.amount);
    intent.status = 'canceled';
    return intent;
  }

  refund(fields: Fields): object {
    const intent = this.find(fields.get('payment_intent') ?? '');
    if (intent.status !== 'succeeded') throw invalid('payment_intent_unexpected_state');
    const left = intent.received - intent.refunded;
    const amount = Number(fields.get('amount') ?? left);
    if (left === 0) throw invalid('charge_already_refunded');
    if (amount > left) throw invalid('amount_too_large', 'amount');
    intent.refunded += amount;
    this.#move('refunded', intent, amount);
    const refund = {
      id: `re_local${this.#refunds.length + 1}`,
      object: 'refund',
      amount,
      currency: intent.currency,
      payment_intent: intent.id,
      metadata: innerOf(fields, 'metadata'),
      status: 'succeeded',
    };
    this.#refunds.push(refund);
    return refund;
  }

  refundsOf(id: string): object[] {
    this.find(id);
    return this.#refunds.filter(refund => refund.payment_intent === id);
  }

  /** The customer does what his bank asks for, or fails to. */
  authenticate(ref: string, passed: boolean): void {
    const intent = this.#intents.find(
      ({ metadata, status }) => metadata['ref'] === ref && status === 'requires_action',
    );
    if (!intent) return;
    if (passed) this.#hold(intent);
    else this.#decline(intent, 'payment_intent_authentication_failure');
  }

  #hold(intent: StoredIntent): void {
    intent.status = 'requires_capture';
    this.#move('held', intent, intent.amount);
  }

  #decline(intent: StoredIntent, code: string, declineCode?: string): StripeRefusal {
    const facts = declineCode ? { decline_code: declineCode } : {};
    intent.status = 'requires_payment_method';
    intent.lastError = { type: 'card_error', code, ...facts };
    return new StripeRefusal(402, 'card_error', code, facts);
  }

  #move(kind: StripeMovement['kind'], { metadata, currency }: StoredIntent, amount: number): void {
    this.#movements.push({ kind, amount, currency, ref: metadata['ref'] });
  }
}

/** As Stripe writes it, without the fields that nobody here reads. */
export function written(intent: StoredIntent, expand: boolean): object {
  const { id, amount, currency, created, metadata, status, lastError, received, refunded, redirectsTo } = intent;
  const waits = status === 'requires_action';
  const next = redirectsTo
    ? { type: 'redirect_to_url', redirect_to_url: { url: redirectsTo } }
    : { type: 'use_stripe_sdk', use_stripe_sdk: {} };
  const charge = {
    id: `ch_of_${id}`,
    object: 'charge',
    refunded: received > 0 && refunded === received,
    amount_refunded: refunded,
  };
  const charged = status === 'requires_capture' || received > 0;
  return {
    id,
    object: 'payment_intent',
    amount,
    amount_capturable: status === 'requires_capture' ? amount : 0,
    amount_received: received,
    capture_method: 'manual',
    client_secret: `${id}_secret_local`,
    created,
    currency,
    last_payment_error: lastError,
    latest_charge: charged ? (expand ? charge : charge.id) : null,
    metadata: { ...metadata },
    next_action: waits ? next : null,
    status,
  };
}

const unexpectedState = (intent: StoredIntent): StripeRefusal =>
  new StripeRefusal(400, 'invalid_request_error', 'payment_intent_unexpected_state', {
    payment_intent: written(intent, false),
  });

/** https://docs.stripe.com/currencies: what has to be divisible by what, and the smallest and the longest amount. */
function checkAmount(amount: number, currency: string): void {
  const step = /^(?:bhd|jod|kwd|omr|tnd)$/.test(currency) ? 10 : /^(?:isk|ugx)$/.test(currency) ? 100 : 1;
  if (amount % step !== 0) throw invalid('invalid_charge_amount_no_decimal_compatible', 'amount');
  if (amount < 50) throw invalid('amount_too_small', 'amount');
  if (amount > 99_999_999) throw invalid('amount_too_large', 'amount');
}

/** `metadata[ref]=1` and its like. */
function innerOf(fields: Fields, name: string): Record<string, string> {
  const inner = [...fields].flatMap(([path, value]) => {
    const key = new RegExp(`^${name}\\[(.+)\\]$`).exec(path)?.[1];
    return key ? [[key, value] as const] : [];
  });
  return Object.fromEntries(inner);
}
