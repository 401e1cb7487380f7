/** What the tests that look at the shop from outside need of an answer. */
export interface Reply<Data> {
  readonly status: number;
  readonly data: Data;
}

interface Asking {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Product {
  readonly id: string;
  readonly slug: string;
  readonly variants: readonly { readonly id: string; readonly available: number }[];
}

export interface Receipt {
  readonly order_id: string;
  readonly order_number: string;
  readonly status: string;
}

/** Asks the shop over HTTP. `data` is what the envelope holds, or the error. */
export async function ask<Data>(url: string, path: string, { method = 'GET', body, headers = {} }: Asking = {}) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  const answer = text === '' ? {} : (JSON.parse(text) as { data?: Data; error?: Data });
  return { status: response.status, data: (answer.data ?? answer.error) as Data } satisfies Reply<Data>;
}

export async function signIn(url: string, email: string, password: string): Promise<Record<string, string>> {
  const { data } = await ask<{ access_token: string }>(url, '/auth/login', {
    method: 'POST',
    body: { email, password },
  });
  return { Authorization: `Bearer ${data.access_token}` };
}

/** A product that is there to be bought, the newest first. */
export async function productToBuy(url: string): Promise<Product> {
  const { data } = await ask<readonly Product[]>(url, '/products?in_stock=true&limit=1');
  if (!data[0]) throw new Error('The shelves are empty.');
  return data[0];
}

interface Purchase {
  readonly variantId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly paymentMethod?: string;
  /** Of a guest. */
  readonly email?: string;
  readonly key: string;
}

/** One piece into the cart, and the cart to the till. */
export async function buy(url: string, { variantId, headers, paymentMethod = 'tok_ok', email, key }: Purchase) {
  const added = await ask(url, '/carts/me/items', {
    method: 'POST',
    headers,
    body: { variant_id: variantId, quantity: 1 },
  });
  if (added.status !== 201) throw new Error(`Nothing was put into the cart: ${JSON.stringify(added)}`);
  return ask<Receipt>(url, '/orders', {
    method: 'POST',
    headers: { ...headers, 'Idempotency-Key': key },
    body: {
      payment_method: paymentMethod,
      ...(email !== undefined && { email }),
      shipping_address: {
        name: 'Ada Customer',
        line1: '1 Harbour Street',
        city: 'Lisbon',
        postal_code: '1100-001',
        country: 'PT',
      },
    },
  });
}
