import type { Mutant } from './mutation.ts';

const SETTLE = 'application/checkout/settle-order';
/** Another number every time. */
const COUNTER = '(globalThis.attempts = (globalThis.attempts ?? 0) + 1)';

/** What keeps the money at the gateway right. */
export const GUARDS_OF_MONEY: readonly Mutant[] = [
  {
    guard: 'a void is a tombstone',
    edits: [
      {
        file: 'adapters/payments/sandbox-account',
        from: "if (this.#closed)\n            return { outcome: 'declined'",
        to: "if (false) return { outcome: 'declined'",
      },
    ],
  },
  {
    guard: 'the same gateway key at every attempt',
    edits: [{ file: SETTLE, from: '`${payment.id}:auth`', to: `\`\${payment.id}:auth:\${${COUNTER}}\`` }],
  },
  {
    guard: 'a time-out is not a failure',
    edits: [
      {
        file: SETTLE,
        from: "case 'not_found':\n            case 'unknown':",
        to: "case 'unknown': return this.#declined(order, 'time-out');\ncase 'not_found':",
      },
    ],
  },
  {
    guard: 'the same refund key at every attempt',
    edits: [{ file: SETTLE, from: '`${ref}:refund:${number}`', to: `\`\${ref}:refund:\${${COUNTER}}\`` }],
  },
  {
    guard: 'a wrong amount is never paid',
    edits: [
      { file: SETTLE, from: '!amount.equals(order.totals.total)', to: 'false' },
      { file: SETTLE, from: '!answer.amount.equals(amount)', to: 'false' },
    ],
  },
  {
    guard: 'money is voided before an order counts as cancelled',
    edits: [
      {
        file: SETTLE,
        from: 'const answer = await this.#ports.gateway.void(order.payment.id);',
        to: "const answer = { outcome: 'voided' };",
      },
    ],
  },
  {
    guard: 'an order that ends waits for nobody',
    edits: [{ file: 'domain/ordering/order', from: 'cancelReason, needsReview: null }', to: 'cancelReason }' }],
  },
];
