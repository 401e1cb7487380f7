import { RESERVATION_MOVES } from '../../domain/inventory/reservation.ts';
import { ORDER_MOVES, SAGA_MOVES } from '../../domain/ordering/order-states.ts';
import { PAYMENT_MOVES } from '../../domain/payments/payment.ts';
import { page } from './markdown.ts';

interface Move {
  readonly from: string;
  readonly to: string;
  /** What brings it about, where the table says so. */
  readonly event?: string;
}

const plainMoves = (moves: Readonly<Record<string, readonly string[]>>): Move[] =>
  Object.entries(moves).flatMap(([from, targets]) => targets.map(to => ({ from, to })));

const sagaMoves = Object.entries(SAGA_MOVES).flatMap(([from, events]) =>
  Object.entries(events).map(([event, to]): Move => ({ from, to, event })),
);

/** The first state is where everything starts; those that lead nowhere are the ends. */
function diagram(states: readonly string[], moves: readonly Move[]): string {
  const ends = states.filter(state => moves.every(({ from }) => from !== state));
  const lines = [
    `[*] --> ${states[0]}`,
    ...moves.map(({ from, to, event }) => `${from} --> ${to}${event ? `: ${event}` : ''}`),
    ...ends.map(state => `${state} --> [*]`),
  ];
  return ['```mermaid', 'stateDiagram-v2', ...lines.map(line => `  ${line}`), '```'].join('\n');
}

export const statesPage = (): string =>
  page(
    'States',
    'The diagrams are drawn from the tables that the program runs on. A move that is not in them is refused with `INVALID_TRANSITION`.',
    '## Order\n\nWhat the customer sees as `status`.',
    diagram(Object.keys(ORDER_MOVES), plainMoves(ORDER_MOVES)),
    '## Checkout\n\nHow far a checkout has come, kept beside the order and not shown. A time-out moves nothing.',
    diagram(Object.keys(SAGA_MOVES), sagaMoves),
    '## Payment\n\nThe money behind an order, shown as `payment.status`.',
    diagram(Object.keys(PAYMENT_MOVES), plainMoves(PAYMENT_MOVES)),
    '## Reservation\n\nUnits that an order holds back. `HELD` may expire, `PINNED` may not: the money for it is being taken.',
    diagram(Object.keys(RESERVATION_MOVES), plainMoves(RESERVATION_MOVES)),
  );
