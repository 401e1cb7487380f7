import type { Onlooker } from '../adapters/http/answered.ts';
import { ShopMetrics } from '../adapters/observability/shop-metrics.ts';
import type { AdjustableLogger, LogLevel } from '../adapters/observability/winston-logger.ts';
import { PromptQuestion } from '../adapters/system/prompt-question.ts';
import { currentOrigin } from '../application/audit/origin.ts';
import type { Ledgers } from '../application/ports/ledgers.ts';
import type { Logger } from '../application/ports/logger.ts';
import type { OpenStore } from './open-store.ts';

/** Whoever asks how the shop is, often gives up after a few seconds, and takes that for a no. */
const PROBE_PATIENCE_MS = 2000;
/** Prometheus gives up after ten, and has nothing then. */
const BACKLOG_LIMITS = { patienceMs: 1000, freshMs: 5000 };

/** A part that hangs is down, and hangs nobody else. */
export const inTime = <Probes extends Readonly<Record<string, () => Promise<void>>>>(probes: Probes): Probes =>
  Object.fromEntries(
    Object.entries(probes).map(([part, probe]) => {
      const question = new PromptQuestion(probe, { patienceMs: PROBE_PATIENCE_MS });
      return [part, () => question.answer()];
    }),
  ) as Probes;

export function metricsOf(ledgers: Ledgers, pool: OpenStore['pool']): ShopMetrics {
  const backlog = new PromptQuestion(() => ledgers.backlog(), BACKLOG_LIMITS);
  return new ShopMetrics({ pool, backlog: () => backlog.answer().catch(() => undefined) });
}

/** For a log that is not ours to shorten. */
export const requestLines = (logger: Logger): Onlooker => ({
  answered: ({ method, path, status, seconds }) =>
    logger.info('request', {
      request_id: currentOrigin().requestId,
      method,
      path,
      status,
      ms: Math.round(seconds * 10_000) / 10,
    }),
});

const STEPS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug'];

export function stepped(logger: AdjustableLogger): LogLevel {
  const level = STEPS[(STEPS.indexOf(logger.level) + 1) % STEPS.length]!;
  logger.setLevel(level);
  return level;
}
