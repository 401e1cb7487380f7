import type { Mutant } from './mutation.ts';

const CHANGE = 'application/checkout/change-order';
const RELAY = 'application/workers/relay-events';
const IDEMPOTENCY = 'adapters/in-memory/idempotency-records';

/** What keeps events, answers and their keys right. */
export const GUARDS_OF_RECORDS: readonly Mutant[] = [
  {
    guard: 'the event is stored with the payment',
    edits: [
      {
        file: CHANGE,
        from: 'export function changeOrder({ unitOfWork, answers, clock }, known, { from, apply, otherwise, stock }) {',
        to: 'export async function changeOrder({ unitOfWork, answers, clock }, known, { from, apply, otherwise, stock }) {\nlet events = [];',
      },
      {
        file: CHANGE,
        from: 'return unitOfWork.run(async (collections) => {',
        to: 'const done = await unitOfWork.run(async (collections) => {',
      },
      { file: CHANGE, from: 'await collections.outbox.add(order.events());', to: 'events = order.events();' },
      {
        file: CHANGE,
        from: 'return { order: changed, answer };\n    });',
        to: 'return { order: changed, answer };\n    });\nif (events.length > 0) await unitOfWork.run(({ outbox }) => outbox.add(events));\nreturn done;',
      },
    ],
  },
  {
    guard: 'an event is marked after it was delivered',
    edits: [
      {
        file: RELAY,
        from: 'const delivered = [];',
        to: 'const delivered = [];\nif (events.length > 0) await unitOfWork.run(({ outboxDelivery }) => outboxDelivery.markPublished(events.map(event => event.id)));',
      },
    ],
  },
  {
    guard: 'a consumer remembers what it has had',
    edits: [{ file: RELAY, from: 'if (await collections.consumedEvents.claim(consumer.name, event.id))', to: '' }],
  },
  {
    guard: 'the answer is the one that is stored',
    edits: [
      {
        file: 'application/checkout/place-order',
        from: 'answer: stored, replayed',
        to: 'answer: checkoutAnswer(answers, order, claim.requestId), replayed',
      },
    ],
  },
  {
    guard: 'a takeover carries the order on',
    edits: [
      {
        file: IDEMPOTENCY,
        from: 'if (orderId)\n            return',
        to: 'if (false) return',
      },
    ],
  },
  {
    guard: 'only completed keys are reaped',
    edits: [
      {
        file: 'adapters/in-memory/housekeeping',
        from: 'row => isBefore(row.completedAt, keysUntil)',
        to: 'row => isBefore(row.completedAt ?? row.leasedUntil, row.completedAt ? keysUntil : now)',
      },
    ],
  },
  {
    guard: 'the recovery worker',
    edits: [
      {
        file: 'application/workers/recover-orders',
        from: 'await someAtATime(due, order => this.#attempt(order));',
        to: '',
      },
    ],
  },
  {
    guard: 'the first stored answer stays',
    edits: [
      {
        file: IDEMPOTENCY,
        from: 'if (row.answer)\n            return row.answer;',
        to: '',
      },
    ],
  },
  {
    guard: 'a refusal is stored',
    edits: [
      {
        file: 'application/checkout/place-order',
        from: '{ refusal: await idempotency.complete(claim, refusal) }',
        to: '{ refusal }',
      },
    ],
  },
];
