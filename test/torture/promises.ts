import type { Client } from 'pg';
import { SHOP } from '../../adapters/knex/person-keys.ts';
import { opened, rowOfAnswer } from '../../adapters/knex/sealed-fields.ts';
import type { PersonalDataCipher } from '../../application/ports/personal-data.ts';
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

interface KeyRow {
  readonly owner: string;
  readonly key: string;
  readonly live: string;
  readonly sealed_body: string | null;
  readonly person_id: string | null;
  readonly wrapped: string | null;
}

/** I10: a customer who was refused has no live order; one key has one order at the most. */
export async function brokenRefusals(
  client: Client,
  receipts: readonly Receipt[],
  cipher: PersonalDataCipher,
): Promise<readonly string[]> {
  const { rows } = await client.query<KeyRow>(
    `SELECT k.owner, k.key, k.sealed_body, p.person_id, p.wrapped,
            COUNT(o.id) FILTER (WHERE o.saga NOT IN ('CANCEL_PENDING', 'CANCELLED')) AS live
       FROM idempotency_keys k LEFT JOIN orders o ON o.id = k.order_id
       LEFT JOIN person_keys p ON p.person_id = COALESCE(k.order_id, $2::uuid)
      WHERE k.key = ANY($1::text[]) GROUP BY k.owner, k.key, p.person_id`,
    [receipts.map(({ key }) => key), SHOP],
  );
  const stored = new Map(rows.map(row => [row.key, row]));
  return receipts.flatMap(({ key, status, text }) => {
    const row = stored.get(key);
    if (!row) return [`I10: the key ${key} was answered ${status}, and is forgotten`];
    if (status !== 201 && row.live !== '0') return [`I10: the key ${key} was refused, and has a live order`];
    const answer = answerOf(row, cipher);
    return answer === text ? [] : [`I10: the key ${key} was answered ${text}, and now is: ${answer}`];
  });
}

function answerOf(row: KeyRow, cipher: PersonalDataCipher): string | null {
  const { person_id: personId, wrapped, sealed_body: body } = row;
  if (personId === null || wrapped === null || body === null) return null;
  try {
    return opened(cipher, { personId, wrapped }, 'answer', rowOfAnswer(row), body);
  } catch {
    return 'unreadable';
  }
}
