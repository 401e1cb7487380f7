import { DEMO_ACCOUNTS } from '../../config/demo-accounts.ts';
import type { Reply } from '../http/client.ts';
import { Customer, fresh } from './customer.ts';
import { type Journal, outcomeOf } from './journal.ts';

interface Product {
  readonly variants: readonly { readonly id: string }[];
}

/** Whoever keeps the shop: fills the shelves, counts them again and gives money back. */
export class Staff {
  readonly #hands: Customer;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #category: string;

  private constructor(hands: Customer, headers: Readonly<Record<string, string>>, category: string) {
    this.#hands = hands;
    this.#headers = headers;
    this.#category = category;
  }

  static async signIn(doors: readonly string[], journal: Journal): Promise<Staff> {
    const hands = new Customer(doors, journal);
    const { access_token: token } = dataOf(
      await hands.post<{ access_token: string }>('/auth/login', DEMO_ACCOUNTS.admin),
    );
    const headers = { Authorization: `Bearer ${token}` };
    const shelf = { name: fresh(`Shelf ${Date.now()}`) };
    const { id } = dataOf(await hands.post<{ id: string }>('/categories', shelf, headers));
    return new Staff(hands, headers, id);
  }

  leave(): void {
    this.#hands.leave();
  }

  /** New variants, each with so many units. */
  async stock(count: number, units: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let made = 0; made < count; made += 1) {
      const facts = { name: fresh('Mug'), category_id: this.#category, price: { amount: 1999, currency: 'USD' } };
      const product = await this.#post<Product>('/products', { ...facts, stock: units });
      ids.push(dataOf(product).variants[0]!.id);
    }
    return ids;
  }

  /** Sets what is on hand, whatever it was. */
  count(variantId: string, units: number): Promise<Reply> {
    return this.#say('PATCH', `/admin/inventory/${variantId}`, { stock_qty: units });
  }

  adjust(variantId: string, delta: number): Promise<Reply> {
    return this.#post(`/admin/inventory/${variantId}/adjustments`, { delta, reason: 'counted again' });
  }

  refund(orderId: string, amount?: number): Promise<Reply> {
    const some = amount === undefined ? {} : { amount: { amount, currency: 'USD' } };
    return this.#post(`/admin/orders/${orderId}/refund`, { reason: 'torture', ...some });
  }

  cancel(orderId: string): Promise<Reply> {
    return this.#post(`/admin/orders/${orderId}/cancel`, {});
  }

  #post<Data>(path: string, body: unknown): Promise<Reply<Data>> {
    return this.#say('POST', path, body);
  }

  #say<Data>(method: string, path: string, body: unknown): Promise<Reply<Data>> {
    return this.#hands.ask<Data>({
      method,
      path: `/api/v1${path}`,
      headers: { ...this.#headers, 'Content-Type': 'application/json', 'Idempotency-Key': fresh('staff') },
      body: JSON.stringify(body),
    });
  }
}

function dataOf<Data>(reply: Reply<Data>): Data {
  if (reply.status >= 300) throw new Error(`Staff were answered ${outcomeOf(reply)}: ${reply.text}`);
  return reply.body.data;
}
