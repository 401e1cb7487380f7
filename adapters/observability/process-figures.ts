import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, type Registry } from 'prom-client';
import { addGauge } from './add-gauge.ts';

/** What is measured is how long after the last one a timer fired, so this is no delay. */
const EVERY_MS = 20;

const lateness = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - EVERY_MS / 1000);

/**
 * How this process is. Of prom-client's own set only what is watched here, because that one cannot be stopped: each shop
 * of a process would leave its observers behind.
 *
 * @returns stops observing
 */
export function watchProcess(registry: Registry): () => void {
  const started = Math.round(Date.now() / 1000 - process.uptime());
  const delays = monitorEventLoopDelay({ resolution: EVERY_MS });
  delays.enable();
  addGauge(registry, {
    name: 'nodejs_eventloop_lag_seconds',
    help: 'How late timers were since this was last asked.',
    labelNames: ['quantile'],
    collect() {
      // Of no timers at all the percentiles are the largest number there is.
      const at = (share: number) => (delays.count === 0 ? 0 : lateness(delays.percentile(share * 100)));
      for (const share of [0.5, 0.99, 1]) this.set({ quantile: String(share) }, at(share));
      delays.reset();
    },
  });
  addGauge(registry, {
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process.',
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  addGauge(registry, {
    name: 'nodejs_heap_used_bytes',
    help: 'What objects take of it.',
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
  registry.registerMetric(
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'Time on processors, of user and system.',
      registers: [],
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    }),
  );
  addGauge(registry, {
    name: 'process_start_time_seconds',
    help: 'When it started, since 1970.',
    collect() {
      this.set(started);
    },
  });
  return () => delays.disable();
}
