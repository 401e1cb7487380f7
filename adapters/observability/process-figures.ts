import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

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
  const registers = [registry];
  const delays = monitorEventLoopDelay({ resolution: EVERY_MS });
  delays.enable();
  new Gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'How late timers were since this was last asked.',
    labelNames: ['quantile'],
    registers,
    collect() {
      // Of no timers at all the percentiles are the largest number there is.
      const at = (share: number) => (delays.count === 0 ? 0 : lateness(delays.percentile(share * 100)));
      for (const share of [0.5, 0.99, 1]) this.set({ quantile: String(share) }, at(share));
      delays.reset();
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'nodejs_heap_used_bytes',
    help: 'What objects take of it.',
    registers,
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Time on processors, of user and system.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'When it started, since 1970.',
    registers,
  }).set(Math.round(Date.now() / 1000 - process.uptime()));
  return () => delays.disable();
}
