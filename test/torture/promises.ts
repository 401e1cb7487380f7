import type { Client } from 'pg';
import type { Receipt } from './journal.ts';

interface OrderRow {
  readonly id: string;
  readonly state: string;
  readonly payment: string;
}

const STILL_PAID = ['PAID', 'SHIPPED', 'DELIVERED', 'REFUNDED'];

/** I9: an order that was acknowledged exists; one that was said to be paid is paid, or its money went back. */
export async function brokenPromises(client: Client, receipts: readonly Receipt[]): Promise<readonly string[]> {
  const acknowledged = receipts.filter(({ orderId }) => orderId !== undefined);
  const { rows } = await client.query<OrderRow>(
    `SELECT o.id, o.state, p.state AS payment FROM orders o JOIN payments p ON p.order_id = o.id
      WHERE o.id = ANY($1::uuid[])`,
    [acknowledged.map(({ orderId }) => orderId)],
  );
  const orders = new Map(rows.map(row => [row.id, row]));
  return acknowledged.flatMap(({ orderId, outcome }) => {
    const order = orders.get(orderId!);
    if (!order) return [`I9: order ${orderId} was acknowledged, and is lost`];
    const kept = STILL_PAID.includes(order.state) || (order.state === 'CANCELLED' && order.payment === 'REFUNDED');
    return outcome !== 'PAID' || kept ? [] : [`I9: order ${orderId} was said to be PAID, and is ${order.state}`];
  });
}

/** I10: a customer who was refused has no live order; one key has one order at the most. */
export async function brokenRefusals(client: Client, receipts: readonly Receipt[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ key: string; live: string; answer: string | null }>(
    `SELECT k.key, COUNT(o.id) FILTER (WHERE o.saga NOT IN ('CANCEL_PENDING', 'CANCELLED')) AS live,
            MIN(k.response_body) AS answer
       FROM idempotency_keys k LEFT JOIN orders o ON o.id = k.order_id
      WHERE k.key = ANY($1::text[]) GROUP BY k.key`,
    [receipts.map(({ key }) => key)],
  );
  const stored = new Map(rows.map(row => [row.key, row]));
  return receipts.flatMap(({ key, status, text }) => {
    const row = stored.get(key);
    if (!row) return [`I10: the key ${key} was answered ${status}, and is forgotten`];
    if (status !== 201 && row.live !== '0') return [`I10: the key ${key} was refused, and has a live order`];
    return row.answer === text ? [] : [`I10: the key ${key} was answered ${text}, and now is: ${row.answer}`];
  });
}
