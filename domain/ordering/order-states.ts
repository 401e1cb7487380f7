/** What the customer sees. */
export type OrderState = 'PENDING' | 'PAID' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED' | 'REFUNDED';

/** The legal moves of an order; every pair that is not here is refused. */
export const ORDER_MOVES = {
  PENDING: ['PAID', 'CANCELLED'],
  PAID: ['SHIPPED', 'CANCELLED', 'REFUNDED'],
  SHIPPED: ['DELIVERED', 'REFUNDED'],
  DELIVERED: ['REFUNDED'],
  CANCELLED: [],
  REFUNDED: [],
} as const satisfies Record<OrderState, readonly OrderState[]>;

/** How far the checkout has come. A time-out moves nothing: only a definite answer, an expiry or a customer does. */
export type SagaState = 'RESERVED' | 'CAPTURE_PENDING' | 'PAID' | 'CANCEL_PENDING' | 'CANCELLED';

export type SagaEvent =
  | 'authorized'
  | 'declined'
  | 'expired'
  | 'cancelled'
  | 'captured'
  | 'capture refused'
  | 'given up'
  | 'released'
  | 'money found';

/**
 * Once the money is being captured only the gateway's definite answer may cancel, or a person who has looked at an order
 * that was put aside (`given up`); only `RESERVED` may expire.
 */
export const SAGA_MOVES: Record<SagaState, Partial<Record<SagaEvent, SagaState>>> = {
  RESERVED: {
    authorized: 'CAPTURE_PENDING',
    declined: 'CANCELLED',
    expired: 'CANCEL_PENDING',
    cancelled: 'CANCEL_PENDING',
    'given up': 'CANCEL_PENDING',
  },
  CAPTURE_PENDING: { captured: 'PAID', 'capture refused': 'CANCEL_PENDING', 'given up': 'CANCEL_PENDING' },
  PAID: { cancelled: 'CANCEL_PENDING' },
  CANCEL_PENDING: { released: 'CANCELLED' },
  CANCELLED: { 'money found': 'CANCEL_PENDING' },
};
