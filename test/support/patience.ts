import type { Patience } from '../../application/ports/patience.ts';

/** Waits however long it takes. */
export const ENDLESS: Patience = { waitFor: work => work };
