import { Counter, Registry } from 'prom-client';
import type { Backlog } from '../../application/ports/ledgers.ts';
import { addGauge } from './add-gauge.ts';
import { watchProcess } from './process-figures.ts';
import { RequestDurations } from './request-durations.ts';

export interface PoolFigures {
  readonly used: number;
  readonly free: number;
  readonly waiting: number;
}

export interface MetricsSources {
  /** Undefined where there are no connections. */
  readonly pool: (() => PoolFigures) | undefined;
  /** Undefined when there is no answer in time. */
  readonly backlog: () => Promise<Backlog | undefined>;
}

interface Answered {
  readonly route: { readonly name: string; readonly pattern: string; readonly rate: string } | undefined;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
  readonly outcome: string | undefined;
}

/**
 * The figures of one shop, as Prometheus reads them. To be told of a request costs 0.15 µs (`npm run
 * bench:watching`); all the rest is looked up when somebody asks.
 */
export class ShopMetrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #registry = new Registry();
  readonly #durations = new RequestDurations();
  readonly #checkouts: Counter<'outcome'>;
  readonly #signIns: Counter<'outcome'>;
  readonly #refusals: Counter<'class'>;
  readonly #stopWatching: () => void;
  #inFlight = 0;

  constructor({ pool, backlog }: MetricsSources) {
    const registers = [this.#registry];
    this.#registry.registerMetric(this.#durations.asMetric());
    const inFlight = () => this.#inFlight;
    addGauge(this.#registry, {
      name: 'http_requests_in_flight',
      help: 'Requests that are being answered.',
      collect() {
        this.set(inFlight());
      },
    });
    const counter = <Label extends string>(name: string, help: string, label: Label) =>
      new Counter({ name, help, labelNames: [label], registers });
    this.#checkouts = counter('checkout_total', 'Checkouts: the state of the order, or why there is none.', 'outcome');
    this.#signIns = counter('sign_in_total', 'Attempts to sign in, by what became of them.', 'outcome');
    this.#refusals = counter('rate_limit_refusals_total', 'Requests refused because there were too many.', 'class');
    // So that rates start from zero, and not from the first time that something goes wrong.
    for (const outcome of ['paid', 'pending', 'payment_declined', 'insufficient_stock', 'unavailable'])
      this.#checkouts.inc({ outcome }, 0);
    for (const outcome of ['done', 'invalid_credentials', 'rate_limited']) this.#signIns.inc({ outcome }, 0);
    if (pool) exposePool(this.#registry, pool);
    exposeBacklog(this.#registry, backlog);
    this.#stopWatching = watchProcess(this.#registry);
  }

  began(): void {
    this.#inFlight += 1;
  }

  answered({ route, method, status, seconds, outcome }: Answered): void {
    this.#inFlight -= 1;
    this.#durations.note(route, method, status, seconds);
    if (!route) return;
    if (status === 429) this.#refusals.inc({ class: route.rate });
    if (route.name === 'placeOrder') this.#checkouts.inc({ outcome: (outcome ?? 'other').toLowerCase() });
    if (route.name === 'login') this.#signIns.inc({ outcome: (outcome ?? 'done').toLowerCase() });
  }

  /** Never rejects for a part that does not answer: its figures are left out. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#stopWatching();
  }
}

function exposePool(registry: Registry, pool: () => PoolFigures): void {
  addGauge(registry, {
    name: 'database_pool_connections',
    help: 'Connections to the database, used and free, and requests that wait for one.',
    labelNames: ['state'],
    collect() {
      for (const [state, count] of Object.entries(pool())) this.set({ state }, count);
    },
  });
}

/** All from one question, which the first of them asks and the others wait for. */
function exposeBacklog(registry: Registry, ask: MetricsSources['backlog']): void {
  const gauge = (name: string, help: string, valuesOf: (backlog: Backlog) => readonly (readonly [string, number])[]) =>
    addGauge(registry, {
      name,
      help,
      labelNames: ['part'],
      async collect() {
        this.reset();
        const backlog = await ask();
        if (backlog) for (const [part, value] of valuesOf(backlog)) this.set(part === '' ? {} : { part }, value);
      },
    });
  addGauge(registry, {
    name: 'backlog_readable',
    help: 'Whether the database said in time how much work waits; while it does not, those figures are left out.',
    async collect() {
      this.set((await ask()) ? 1 : 0);
    },
  });
  gauge('outbox_oldest_unpublished_seconds', 'How long the oldest event waits to be delivered.', backlog => [
    ['', backlog.oldestUnpublishedSeconds],
  ]);
  gauge('orders_oldest_unsettled_seconds', 'How long the oldest order waits for its money to be settled.', backlog => [
    ['', backlog.oldestUnsettledSeconds],
  ]);
  gauge('notices_oldest_unread_seconds', 'How long the oldest notice of the gateway waits to be read.', backlog => [
    ['', backlog.oldestUnreadSeconds],
  ]);
  gauge('backlog_waiting', 'How much work waits for the workers.', backlog => [
    ['orders', backlog.unsettledOrders],
    ['events', backlog.unpublishedEvents],
    ['notices', backlog.unreadNotices],
  ]);
  gauge('backlog_parked', 'How much waits for a person.', ({ parked }) => Object.entries(parked));
}
