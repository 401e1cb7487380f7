import type { Client } from 'pg';

/**
 * The invariants of docs/explanation/checkout.md as statements that select what breaks them, as "what it is". They are
 * written without a look at the shop's own (`Ledgers.drift`), row by row, so that a mistake in one of the two shows.
 */
const BOOKS: Readonly<Record<string, string>> = {
  I1: `SELECT variant_id AS what FROM inventory WHERE on_hand < 0 OR reserved < 0 OR on_hand - reserved < 0`,
  I2: `SELECT variant_id AS what FROM inventory i WHERE reserved <> (
         SELECT COALESCE(SUM(qty), 0) FROM reservations r
          WHERE r.variant_id = i.variant_id AND r.state NOT IN ('CONSUMED', 'RELEASED'))`,
  I3: `SELECT variant_id AS what FROM inventory i WHERE on_hand <> (
         SELECT COALESCE(SUM(delta), 0) FROM stock_ledger l WHERE l.variant_id = i.variant_id)`,
  'I3, without the inventory': `SELECT variant_id AS what FROM (
         SELECT variant_id, SUM(delta) FILTER (WHERE kind <> 'SALE') AS got FROM stock_ledger GROUP BY variant_id) g
         WHERE got < (SELECT COALESCE(SUM(t.quantity), 0) FROM order_items t JOIN orders o ON o.id = t.order_id
                       WHERE t.variant_id = g.variant_id AND o.saga IN ('RESERVED', 'CAPTURE_PENDING', 'PAID'))`,
  I4: `SELECT cart_id AS what FROM orders WHERE saga IN ('RESERVED', 'CAPTURE_PENDING', 'PAID')
        GROUP BY cart_id HAVING COUNT(*) > 1`,
  'I6, the payment': `SELECT o.id AS what FROM orders o WHERE o.saga = 'PAID' AND NOT EXISTS (
         SELECT FROM payments p WHERE p.order_id = o.id AND p.state IN ('CAPTURED', 'REFUNDED')
            AND p.amount = o.total AND p.currency = o.currency AND p.gateway_capture_id IS NOT NULL)`,
  'I6, the reservations': `SELECT t.order_id AS what FROM order_items t JOIN orders o ON o.id = t.order_id
         WHERE o.saga = 'PAID' AND NOT EXISTS (SELECT FROM reservations r WHERE r.order_id = t.order_id
           AND r.variant_id = t.variant_id AND r.qty = t.quantity AND r.state = 'CONSUMED')`,
  'I6, the ledger': `SELECT t.order_id AS what FROM order_items t JOIN orders o ON o.id = t.order_id
         WHERE o.saga = 'PAID' AND (SELECT COALESCE(SUM(delta), 0) FROM stock_ledger l WHERE l.kind = 'SALE'
           AND l.ref_id = t.order_id AND l.variant_id = t.variant_id) <> -t.quantity`,
  'I6, sold but not paid': `SELECT l.ref_id AS what FROM stock_ledger l WHERE l.kind = 'SALE' AND NOT EXISTS (
         SELECT FROM outbox e WHERE e.aggregate_id = l.ref_id AND e.type = 'order.paid')`,
  I7: `SELECT o.id AS what FROM orders o WHERE (SELECT COUNT(*) FROM outbox e
          WHERE e.type = 'order.paid' AND e.aggregate_id = o.id AND e.dedupe_key = 'paid:' || o.id)
        <> (CASE WHEN EXISTS (SELECT FROM stock_ledger l WHERE l.kind = 'SALE' AND l.ref_id = o.id) THEN 1 ELSE 0 END)`,
  'I8, the total': `SELECT o.id AS what FROM orders o WHERE o.total <> o.items_total - o.discount_total
          + o.shipping_total + o.tax_total OR o.items_total <> (
         SELECT SUM(quantity * unit_price) FROM order_items t WHERE t.order_id = o.id)`,
  'I8, given back': `SELECT p.order_id AS what FROM payments p WHERE p.amount < (
         SELECT COALESCE(SUM(amount), 0) FROM refunds f WHERE f.payment_id = p.id AND f.state <> 'REFUSED')`,
  parked: `SELECT id AS what FROM orders WHERE needs_review IS NOT NULL`,
};

/** What does not add up, at any time whatever. */
export async function wrongInTheBooks(client: Client): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [invariant, statement] of Object.entries(BOOKS)) {
    const { rows } = await client.query<{ what: string }>(statement);
    if (rows.length > 0) wrong.push(`${invariant}: ${rows.length} × such as ${rows[0]!.what}`);
  }
  return wrong;
}

/** What is still to be done, when nobody is doing anything any more. */
const WAITING: Readonly<Record<string, string>> = {
  'orders unsettled': `SELECT COUNT(*) FROM orders WHERE needs_review IS NULL
    AND (saga NOT IN ('PAID', 'CANCELLED') OR next_attempt_at IS NOT NULL)`,
  'refunds not carried out': `SELECT COUNT(*) FROM refunds WHERE state = 'PENDING'`,
  'events untold': `SELECT COUNT(*) FROM outbox WHERE published_at IS NULL`,
  // A key of anything else whose process died keeps saying so, and is not answered by anybody else.
  'checkouts unanswered': `SELECT COUNT(*) FROM idempotency_keys WHERE state = 'IN_PROGRESS' AND order_id IS NOT NULL`,
};

/** L1: "3 orders unsettled"; empty when all is done. */
export async function stillToDo(client: Client): Promise<readonly string[]> {
  const waiting: string[] = [];
  for (const [what, statement] of Object.entries(WAITING)) {
    const { rows } = await client.query<{ count: string }>(statement);
    if (rows[0]!.count !== '0') waiting.push(`${rows[0]!.count} ${what}`);
  }
  return waiting;
}
