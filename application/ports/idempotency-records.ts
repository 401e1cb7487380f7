import type { OrderId, UserId } from '../../domain/shared/ids.ts';

/** One attempt of a caller to have something done once. */
export interface IdempotencyClaim {
  /** Who calls: a user or a guest's cart. Keys of different owners never meet. */
  readonly owner: string;
  readonly key: string;
  /** Hash of method, route and canonical body: tells the same request from another one under the same key. */
  readonly fingerprint: string;
  readonly requestId: string;
}

/** How a user is called as the owner of keys. */
export const ownerOf = (userId: UserId): string => `user:${userId}`;

/** An HTTP answer as it was first given; replayed to the byte. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

export type ClaimResult =
  /** Ours: do the work in this unit of work. */
  | { readonly kind: 'claimed' }
  /** Its runner is gone, but the order exists: take it from there. The lease is ours. */
  | { readonly kind: 'resume'; readonly orderId: OrderId }
  | { readonly kind: 'completed'; readonly answer: StoredAnswer }
  /** It took effect, but its runner died before the answer was kept. The lease is ours: answer anew, and complete it. */
  | { readonly kind: 'applied' }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'reused' };

/** Keys are kept for 72 hours after they are completed. Leases go by the store's clock. */
export interface IdempotencyRecords {
  /**
   * Waits for a unit of work that is claiming the same key. Another fingerprint is `reused`, even while running. A
   * record whose lease is over is handed to this caller.
   */
  claim(claim: IdempotencyClaim, leaseSeconds: number): Promise<ClaimResult>;
  /** The work of this claim is this order. */
  bindOrder(claim: IdempotencyClaim, orderId: OrderId): Promise<void>;
  /** The work of this claim is done if this unit of work commits. */
  markApplied(claim: IdempotencyClaim): Promise<void>;
  /** The first writer wins; resolves to what is stored now. The record must have been claimed. */
  complete(claim: IdempotencyClaim, answer: StoredAnswer): Promise<StoredAnswer>;
  /** Locks the record that is bound to the order, if there is one: everybody does before they lock the order. */
  lockForOrder(orderId: OrderId): Promise<void>;
  /**
   * The same for whoever finishes an order: resolves to what is stored now, or to undefined when no claim is bound to
   * the order. `answer` is given the request id of the claim that the record was handed to last.
   */
  completeForOrder(orderId: OrderId, answer: (requestId: string) => StoredAnswer): Promise<StoredAnswer | undefined>;
  /**
   * Completes so many records at the most whose work was done, but whose answer was not kept, and which nobody has asked
   * for within a day after the lease. Resolves to how many.
   */
  completeLost(limit: number, answer: (requestId: string) => StoredAnswer): Promise<number>;
  /** Drops the keys of an owner that have been answered, with their answers; what is still running goes on. */
  forget(owner: string): Promise<void>;
}
