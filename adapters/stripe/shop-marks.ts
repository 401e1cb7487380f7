import { createHash } from 'node:crypto';

/**
 * What a shop marks its payments with. Several shops may share an account of Stripe, but each has an endpoint of its own
 * for Stripe's notices, and so secrets of its own: the marks are made of these, and do not give them away.
 */
export const shopMarks = (webhookSecrets: readonly string[]): readonly string[] =>
  webhookSecrets.map(secret => createHash('sha256').update(`shop of ${secret}`).digest('hex').slice(0, 16));
