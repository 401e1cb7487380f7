import { type Sql, verbatim } from './sql.ts';

/** I1: never more reserved than there is. */
const OVERSOLD = `
  SELECT 'I1' AS invariant, variant_id AS subject, json_build_object('on_hand', on_hand, 'reserved', reserved) AS facts
    FROM inventory WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand`;

/** I2: reserved is what orders hold. */
const RESERVED_FOR_NOBODY = `
  SELECT 'I2' AS invariant, i.variant_id AS subject,
         json_build_object('reserved', i.reserved, 'held', COALESCE(h.held, 0)) AS facts
    FROM inventory i
    LEFT JOIN (SELECT variant_id, SUM(qty) AS held FROM reservations WHERE state IN ('HELD', 'PINNED')
                GROUP BY variant_id) h ON h.variant_id = i.variant_id
   WHERE i.reserved <> COALESCE(h.held, 0)`;

/** I3: on hand is what the ledger says. */
const UNEXPLAINED_STOCK = `
  SELECT 'I3' AS invariant, i.variant_id AS subject,
         json_build_object('on_hand', i.on_hand, 'ledger', COALESCE(m.moved, 0)) AS facts
    FROM inventory i
    LEFT JOIN (SELECT variant_id, SUM(delta) AS moved FROM stock_ledger GROUP BY variant_id) m
      ON m.variant_id = i.variant_id
   WHERE i.on_hand <> COALESCE(m.moved, 0)`;

/** I4: at most one live order of each cart. */
const CARTS_SOLD_TWICE = `
  SELECT 'I4' AS invariant, cart_id AS subject, json_build_object('orders', json_agg(id ORDER BY id)) AS facts
    FROM orders WHERE saga NOT IN ('CANCEL_PENDING', 'CANCELLED') GROUP BY cart_id HAVING COUNT(*) > 1`;

/** I6: what is paid was captured in full and has left the shop, each item as the ledger shows it. */
const PAID_BUT_NOT_SOLD = `
  WITH held AS (
    SELECT order_id, string_agg(DISTINCT state, ' ') AS state FROM reservations GROUP BY order_id
  ), sold AS (
    SELECT ref_id AS order_id, variant_id, -SUM(delta) AS quantity FROM stock_ledger
     WHERE kind = 'SALE' AND ref_type = 'order' GROUP BY ref_id, variant_id
  ), unlike AS (
    SELECT DISTINCT COALESCE(i.order_id, s.order_id) AS order_id
      FROM order_items i FULL JOIN sold s ON s.order_id = i.order_id AND s.variant_id = i.variant_id
     WHERE i.quantity IS DISTINCT FROM s.quantity
  )
  SELECT 'I6' AS invariant, o.id AS subject,
         json_build_object('saga', o.saga, 'payment', p.state, 'reservation', h.state) AS facts
    FROM orders o JOIN payments p ON p.order_id = o.id
    LEFT JOIN held h ON h.order_id = o.id
    LEFT JOIN unlike u ON u.order_id = o.id
   WHERE o.saga = 'PAID' AND (
         p.state NOT IN ('CAPTURED', 'REFUNDED') OR p.amount <> o.total OR p.currency <> o.currency
         OR h.state IS DISTINCT FROM 'CONSUMED' OR u.order_id IS NOT NULL)`;

/**
 * I7: whatever was paid was told of, and nothing else. An order that was cancelled later was paid, too: its units left
 * the shop in that moment. The reaper leaves events for 30 days, so a day less is asked for.
 */
const PAID_BUT_NOT_TOLD = `
  WITH orders_seen AS (
    SELECT o.id, o.saga, o.expires_at, p.state AS payment,
           EXISTS (SELECT FROM outbox e WHERE e.dedupe_key = 'paid:' || o.id) AS told,
           o.saga = 'PAID' OR EXISTS (SELECT FROM reservations r WHERE r.order_id = o.id AND r.state = 'CONSUMED') AS paid
      FROM orders o JOIN payments p ON p.order_id = o.id
  )
  SELECT 'I7' AS invariant, id AS subject,
         json_build_object('saga', saga, 'payment', payment, 'told', told) AS facts
    FROM orders_seen
   WHERE told <> paid AND (told OR expires_at >= now() - interval '29 days')`;

/** I8: totals add up, no more goes back than was taken, and nothing stays with the shop for a cancelled order. */
const MONEY_ASTRAY = `
  WITH items AS (
    SELECT order_id, currency, SUM(unit_price * quantity) AS total FROM order_items GROUP BY order_id, currency
  ), returned AS (
    SELECT payment_id, SUM(amount) FILTER (WHERE state <> 'REFUSED') AS promised,
           SUM(amount) FILTER (WHERE state = 'DONE') AS done
      FROM refunds GROUP BY payment_id
  )
  SELECT 'I8' AS invariant, o.id AS subject,
         json_build_object('saga', o.saga, 'payment', p.state,
           'total', json_build_object('amount', o.total, 'currency', o.currency)) AS facts
    FROM orders o JOIN payments p ON p.order_id = o.id
    LEFT JOIN items i ON i.order_id = o.id AND i.currency = o.currency
    LEFT JOIN returned r ON r.payment_id = p.id
   WHERE i.total IS DISTINCT FROM o.items_total
      OR o.items_total - o.discount_total + o.shipping_total + o.tax_total <> o.total
      OR p.amount <> o.total OR p.currency <> o.currency
      OR COALESCE(r.promised, 0) > p.amount
      OR (p.state = 'REFUNDED' AND COALESCE(r.done, 0) <> p.amount)
      OR (o.saga = 'CANCELLED' AND p.state IN ('AUTHORIZED', 'CAPTURED'))`;

/** Each selects what breaks one invariant, as `Drift`. They join whole tables instead of looking up row after row. */
export const DRIFTS: readonly Sql[] = [
  OVERSOLD,
  RESERVED_FOR_NOBODY,
  UNEXPLAINED_STOCK,
  CARTS_SOLD_TWICE,
  PAID_BUT_NOT_SOLD,
  PAID_BUT_NOT_TOLD,
  MONEY_ASTRAY,
].map(verbatim);
