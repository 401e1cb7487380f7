import type { Metric } from 'prom-client';

/** In seconds: from what a cache answers to what a customer no longer waits for. */
const LIMITS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** How many took no longer than the limit and longer than the one before; the last one: longer than all. */
  readonly counts: number[];
  sum: number;
}

/**
 * A histogram for prom-client that is told of every request: 0.1 µs each, where its own takes 1 µs to find the labels anew.
 * It only adds up when somebody asks.
 */
export class RequestDurations {
  readonly name = 'http_request_duration_seconds';
  readonly help = 'How long requests took, by route, method and status.';
  readonly #series = new Map<string, (Series | undefined)[]>();

  /** @param routed undefined where there is no route; unknown paths and methods make no series of their own. */
  note(routed: { readonly pattern: string } | undefined, method: string, status: number, seconds: number): void {
    const route = routed?.pattern ?? 'none';
    const verb = routed ? method : 'any';
    const key = verb + route;
    let classes = this.#series.get(key);
    if (!classes) this.#series.set(key, (classes = []));
    const hundreds = Math.floor(status / 100);
    const series = (classes[hundreds] ??= {
      labels: { route, method: verb, status: `${hundreds}xx` },
      counts: [...LIMITS.map(() => 0), 0],
      sum: 0,
    });
    let place = 0;
    while (place < LIMITS.length && seconds > LIMITS[place]!) place += 1;
    series.counts[place]! += 1;
    series.sum += seconds;
  }

  /** What a registry of prom-client asks its metrics for. */
  get() {
    const values = [...this.#series.values()].flat().flatMap(series => (series ? valuesOf(this.name, series) : []));
    return Promise.resolve({ name: this.name, help: this.help, type: 'histogram', aggregator: 'sum', values });
  }

  reset(): void {
    this.#series.clear();
  }

  asMetric(): Metric {
    return this as unknown as Metric;
  }
}

function valuesOf(name: string, { labels, counts, sum }: Series): Sample[] {
  let total = 0;
  const buckets = counts.map((count, place) => {
    total += count;
    const le = place < LIMITS.length ? String(LIMITS[place]) : '+Inf';
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: total };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: total },
  ];
}
