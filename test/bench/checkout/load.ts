import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { cartNumber, tokenOf } from './shelves.ts';

/** What the process of the customers is asked to do: each of the carts goes to the till once. */
export interface Job {
  readonly url: string;
  readonly customers: number;
  readonly firstCart: number;
  readonly carts: number;
}

export interface Measured {
  readonly seconds: number;
  /** Milliseconds of each checkout, from the first byte out to the last byte in. */
  readonly laps: readonly number[];
}

const BODY = JSON.stringify({
  payment_method: 'tok_ok',
  email: 'ada@example.com',
  shipping_address: {
    name: 'Ada Customer',
    line1: '1 Harbour Street',
    city: 'Lisbon',
    postal_code: '1100-001',
    country: 'PT',
  },
});

/** Takes one cart to the till. @throws unless it is paid */
export function checkOut(url: string, agent: Agent, cart: number): Promise<void> {
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(BODY),
    'X-Cart-Token': tokenOf(cart),
    'Idempotency-Key': `key-${cartNumber(cart)}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/v1/orders`, { method: 'POST', agent, headers }, answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.once('end', () => {
        if (answer.statusCode === 201 && text.includes('"status":"PAID"')) resolve();
        else reject(new Error(`${answer.statusCode} ${text}`));
      });
    });
    sent.once('error', reject).end(BODY);
  });
}

async function run({ url, customers, firstCart, carts }: Job): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: customers });
  const laps: number[] = [];
  let next = firstCart;
  const start = performance.now();
  const shop = async (): Promise<void> => {
    while (next < firstCart + carts) {
      const begin = performance.now();
      await checkOut(url, agent, next++);
      laps.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: customers }, shop));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { seconds, laps };
}

// Only where it was forked, so that others can use what is above.
if (process.argv[2] === 'customers')
  process.on('message', (job: Job) => {
    run(job).then(
      measured => process.send!(measured),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
