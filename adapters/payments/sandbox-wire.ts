import Joi from 'joi';
import type {
  AuthorizeAnswer,
  CaptureAnswer,
  ListAnswer,
  LookupAnswer,
  PaymentGateway,
  RefundAnswer,
  VoidAnswer,
} from '../../application/ports/payment-gateway.ts';
import { Currency } from '../../domain/shared/currency.ts';
import { PaymentId } from '../../domain/shared/ids.ts';
import { Money } from '../../domain/shared/money.ts';

/** How the shop and a sandbox bank in another process write to each other: JSON, an amount as `{ amount, currency }`. */

const text = Joi.string().max(500).required();

const money = Joi.object<{ amount: number; currency: string }>({
  amount: Joi.number().integer().required(),
  currency: text,
})
  .required()
  .custom(({ amount, currency }) => Money.of(amount, Currency(currency)));

const ref = Joi.string().required().custom(PaymentId);

const time = Joi.string()
  .isoDate()
  .required()
  .custom((moment: string) => new Date(moment));

const position = Joi.string().pattern(/^\d{1,15}$/);

const method = text.allow('');

export interface Requests {
  readonly authorize: Parameters<PaymentGateway['authorize']>[0];
  readonly capture: Parameters<PaymentGateway['capture']>[0];
  readonly refund: Parameters<PaymentGateway['refund']>[0];
  readonly void: { readonly ref: PaymentId };
  readonly lookup: { readonly ref: PaymentId };
  readonly list: Parameters<PaymentGateway['list']>[0];
  /** The customer does what the bank asked for, or fails to. */
  readonly confirm: { readonly ref: PaymentId };
  readonly fail: { readonly ref: PaymentId };
}

const onlyRef = Joi.object<{ ref: PaymentId }>({ ref }).required();

export const REQUESTS: { readonly [Ask in keyof Requests]: Joi.ObjectSchema<Requests[Ask]> } = {
  authorize: Joi.object<Requests['authorize']>({ ref, amount: money, method, key: text }).required(),
  capture: Joi.object<Requests['capture']>({ ref, authorizationId: text, amount: money, key: text }).required(),
  refund: Joi.object<Requests['refund']>({ ref, captureId: text, amount: money, key: text }).required(),
  void: onlyRef,
  lookup: onlyRef,
  list: Joi.object<Requests['list']>({
    since: time,
    after: position,
    limit: Joi.number().integer().min(1).required(),
  }).required(),
  confirm: onlyRef,
  fail: onlyRef,
};

export interface Answers {
  readonly authorize: AuthorizeAnswer;
  readonly capture: CaptureAnswer;
  readonly void: VoidAnswer;
  readonly refund: RefundAnswer;
  readonly lookup: LookupAnswer;
  readonly list: ListAnswer;
}

const outcome = (name: string, facts: Joi.PartialSchemaMap = {}): Joi.ObjectSchema =>
  Joi.object({ outcome: Joi.valid(name).required(), ...facts });

const action = Joi.object({
  type: text,
  clientSecret: Joi.string().max(500).allow(null).required(),
  url: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .allow(null)
    .required(),
}).required();

const authorization = [
  outcome('authorized', { authorizationId: text, amount: money }),
  outcome('declined', { reason: text }),
  outcome('requires_action', { action }),
  outcome('unknown'),
];

const held = Joi.object({ ref, outcome: Joi.valid('authorized', 'captured').required(), amount: money });

const ANSWERS: { readonly [Ask in keyof Answers]: Joi.AlternativesSchema<Answers[Ask]> } = {
  authorize: oneOf(...authorization),
  capture: oneOf(
    outcome('captured', { captureId: text, amount: money }),
    outcome('refused', { reason: text }),
    outcome('unknown'),
  ),
  void: oneOf(
    outcome('voided'),
    outcome('already_captured', { captureId: text }),
    outcome('already_refunded'),
    outcome('unknown'),
  ),
  refund: oneOf(outcome('refunded'), outcome('refused', { reason: text }), outcome('unknown')),
  lookup: oneOf(
    ...authorization,
    outcome('not_found'),
    outcome('captured', { authorizationId: text, captureId: text, amount: money }),
    outcome('voided'),
    outcome('refunded'),
  ),
  list: oneOf(outcome('listed', { payments: Joi.array().items(held).required(), next: position }), outcome('unknown')),
};

function oneOf<Answer>(...outcomes: readonly Joi.Schema[]): Joi.AlternativesSchema<Answer> {
  return Joi.alternatives<Answer>(...outcomes).required();
}

/** Undefined when it is nothing that a bank would answer to that. */
export function readAnswer<Ask extends keyof Answers>(ask: Ask, answer: unknown): Answers[Ask] | undefined {
  const { value, error } = ANSWERS[ask].validate(answer, { convert: false });
  return error ? undefined : value;
}
