import type { Client } from 'pg';
import type { LedgerEntry } from '../../adapters/payments/sandbox-server.ts';

interface PaymentRow {
  readonly ref: string;
  readonly saga: string;
  readonly total: string;
  readonly given_back: string;
}

type BankLedger = Readonly<Record<string, LedgerEntry>>;

/** All that the bank has ever done, by the reference of the payment. */
export async function ledgerOf(bankUrl: string): Promise<BankLedger> {
  const response = await fetch(new URL('/ledger', bankUrl));
  return (await response.json()) as BankLedger;
}

/**
 * I5 and I8 by the bank's own ledger: nothing is captured twice; when all is `settled`, a paid order was captured for
 * its total, what was given back was given back, and nothing is held or kept for a cancelled one, or for none at all.
 */
export async function wrongAtTheBank(client: Client, ledger: BankLedger, settled: boolean): Promise<readonly string[]> {
  const { rows } = await client.query<PaymentRow>(
    `SELECT p.id AS ref, o.saga, o.total,
            (SELECT COALESCE(SUM(amount), 0) FROM refunds f WHERE f.payment_id = p.id AND f.state = 'DONE') AS given_back
       FROM payments p JOIN orders o ON o.id = p.order_id`,
  );
  const payments = new Map(rows.map(row => [row.ref, row]));
  const wrong = Object.entries(ledger).flatMap(([ref, entry]) => {
    const payment = payments.get(ref);
    if (!payment)
      return keptBy(entry) === 0 && heldBy(entry) === 0 ? [] : [`I5: the bank has money of no order: ${ref}`];
    const total = Number(payment.total);
    if (entry.captured.count > 1 || entry.captured.amount > total)
      return [`I5: ${ref} was captured ${entry.captured.count} times, ${entry.captured.amount} of ${total}`];
    if (entry.authorized.count > 1) return [`G1: ${ref} was authorised ${entry.authorized.count} times`];
    return settled ? unsettled(payment, entry) : [];
  });
  const paid = rows.filter(({ saga, ref }) => settled && saga === 'PAID' && !ledger[ref]);
  return [...wrong, ...paid.map(({ ref }) => `I6: ${ref} is paid, and the bank knows nothing of it`)];
}

function unsettled({ ref, saga, total, given_back }: PaymentRow, entry: LedgerEntry): readonly string[] {
  const wrong: string[] = [];
  const due = saga === 'PAID' ? Number(total) - Number(given_back) : 0;
  if (keptBy(entry) !== due) wrong.push(`I8: ${ref} is ${saga}, and the shop keeps ${keptBy(entry)} instead of ${due}`);
  if (heldBy(entry) !== 0) wrong.push(`I8: ${ref} is ${saga}, and the bank still holds ${heldBy(entry)}`);
  return wrong;
}

const keptBy = ({ captured, refunded }: LedgerEntry): number => captured.amount - refunded.amount;

const heldBy = ({ authorized, captured, voided }: LedgerEntry): number =>
  authorized.amount - captured.amount - voided.amount;
