import type { UserId } from '../../domain/shared/ids.ts';

/** Whose cart is meant: the signed-in customer's, or the one that a guest's token opens. */
export type CartKey = { readonly userId: UserId } | { readonly tokenHash: string };
