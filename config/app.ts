import 'reflect-metadata';
import { closeSync, openSync } from 'node:fs';
import { createServer as createNodeServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Container } from 'inversify';
import { CursorCodec } from '../adapters/http/cursors.ts';
import { Drain } from '../adapters/http/drain.ts';
import { refuseGarbage } from '../adapters/http/garbage.ts';
import { openApiDocument } from '../adapters/http/openapi.ts';
import type { Route } from '../adapters/http/route.ts';
import { createServer } from '../adapters/http/server.ts';
import { createLogger, type LogLevel } from '../adapters/observability/winston-logger.ts';
import { BackgroundTasks } from '../adapters/system/background-tasks.ts';
import { WorkerLoop } from '../adapters/system/worker-loop.ts';
import { SystemClock } from '../adapters/system/system-clock.ts';
import { RecordRefusal } from '../application/audit/record-refusal.ts';
import { OnceOnly } from '../application/idempotency/once-only.ts';
import { RecogniseApiKey } from '../application/identity/recognise-api-key.ts';
import type { Clock } from '../application/ports/clock.ts';
import type { Logger } from '../application/ports/logger.ts';
import { withDenyList } from './deny-list.ts';
import { adapters } from './modules/adapters.ts';
import { identity } from './modules/identity.ts';
import { useCases } from './modules/use-cases.ts';
import { workers } from './modules/workers.ts';
import { cautionsInProduction } from './production-rules.ts';
import { openSecrets } from './open-secrets.ts';
import { openSearch } from './open-search.ts';
import { openStore } from './open-store.ts';
import { shopRoutes, workerRoutes } from './routes.ts';
import { InvalidSettings, type Settings } from './settings.ts';
import { ACCESS_TOKENS, IDS, RATE_LIMITS, SECRET_TOKENS, STORE, WORKERS } from './tokens.ts';
import { VERSION } from './version.ts';
import { inTime, metricsOf, requestLines, stepped } from './watching.ts';

export interface Overrides {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Hears what takes long during the start. */
  readonly progress?: (message: string) => void;
  /** Rebinds ports, for tests and for those who bring adapters of their own. */
  readonly bindings?: (container: Container) => void;
  /** Other limits than usual for those who are slow, so that tests need not be. */
  readonly lineLimits?: Partial<typeof LINE_LIMITS>;
}

export interface App {
  readonly container: Container;
  readonly routes: readonly Route[];
  /** Where the data lies, in words. */
  readonly place: string;
  /** Another process runs the database of this folder, and will take it along when it ends. */
  readonly borrowed: boolean;
  /** Listens as the settings say, and resolves to the address. */
  listen(): Promise<{ readonly url: string }>;
  /** Starts the work that the shop does by itself, if its role has any. */
  work(): void;
  /** One step more is logged from now on, and after `debug` errors only; undefined where the log is somebody else's. */
  stepLogLevel(): LogLevel | undefined;
  /** Takes no more requests, finishes those that it has, and closes what it opened, the first thing last. */
  close(): Promise<void>;
}

/** How much of a request a client may send before it is complete, and how slowly; looked after every second. */
const LINE_LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 1000,
  requireHostHeader: false, // Node would answer by itself, bare of all headers; the shop asks for it.
};

/** What is not done by then after a stop is left in the database, for other processes or the next start. */
const CLOSING_MS = 13_000;

/** A whole shop. May be made any number of times in one process, with other settings each time. */
export async function createApp(settings: Settings, overrides: Overrides = {}): Promise<App> {
  const clock = overrides.clock ?? new SystemClock();
  if (settings.logFile) requireLogFile(settings.logFile);
  const ownLogger = overrides.logger
    ? undefined
    : createLogger({
        level: settings.logLevel,
        errorStack: settings.logErrorStack,
        accessShare: settings.accessLogShare,
        ...(settings.logFile && { file: settings.logFile }),
      });
  const logger = overrides.logger ?? ownLogger!;
  const secrets = openSecrets(settings);
  const opened = await openStore(settings, { clock, secrets, progress: overrides.progress ?? (() => {}) });
  const redis = settings.redisUrl
    ? (await import('../adapters/redis/connect.ts')).connectRedis(settings.redisUrl, logger)
    : undefined;
  const smtp = settings.mail.smtpUrl ? await openSmtp(settings.mail.smtpUrl, settings.mail.from) : undefined;
  const search = await openSearch(settings);
  if (settings.production) for (const caution of cautionsInProduction(settings)) logger.warn(caution);
  const denying = await withDenyList(opened.store, redis, clock);
  const container = new Container({ defaultScope: 'Singleton' });
  const background = new BackgroundTasks(logger);
  const live = { settings, secrets, clock, logger, background, store: denying, redis, smtp, search };
  container.load(adapters(live), useCases, identity, workers);
  overrides.bindings?.(container);

  const store = container.get(STORE);
  const loop = new WorkerLoop({ workers: container.get(WORKERS), logger });
  let accepting = true;
  const metrics = settings.metrics ? metricsOf(store.ledgers, opened.pool) : undefined;
  const onlookers = [ownLogger?.requests ?? requestLines(logger), metrics].filter(onlooker => onlooker !== undefined);
  const makeRoutes = settings.role === 'worker' ? workerRoutes : shopRoutes;
  const routes: Route[] = makeRoutes(container, {
    inBackground: background.run,
    probes: inTime({
      database: () => store.ping(),
      ...(redis && { redis: async () => void (await redis.ping()) }),
      ...(search && { search: () => search.ping() }),
    }),
    metrics,
    accepting: () => accepting,
    openApi: settings.apiDocs ? lazily(() => openApiDocument(routes, VERSION)) : undefined,
  });
  const app = createServer({
    routes,
    ports: {
      accessTokens: container.get(ACCESS_TOKENS),
      tokenRevocations: store.tokenRevocations,
      secretTokens: container.get(SECRET_TOKENS),
      secondFactors: store.secondFactors,
      staffNeedsSecondFactor: settings.staffNeedsSecondFactor,
      recogniseApiKey: container.get(RecogniseApiKey),
      recordRefusal: container.get(RecordRefusal),
      roles: store.roles,
      onceOnly: container.get(OnceOnly),
      cursors: new CursorCodec(secrets.cursorKey),
      clock,
      rateLimits: settings.rateLimit ? container.get(RATE_LIMITS) : undefined,
    },
    ids: container.get(IDS),
    logger,
    onlookers,
    corsOrigins: settings.corsOrigins,
    trustedProxies: settings.trustedProxies,
    apiDocs: settings.apiDocs,
  });
  const callback = app.callback();
  const server = createNodeServer(
    { ...LINE_LIMITS, ...overrides.lineLimits },
    (request, response) => void callback(request, response),
  );
  const drain = new Drain(server);
  server.on('clientError', refuseGarbage);
  // Node would answer 417 by itself, bare of all headers. An expectation that nobody knows may as well be passed over.
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response));

  return {
    container,
    routes,
    place: opened.place,
    borrowed: opened.borrowed ?? false,
    listen: () => listen(server, settings),
    stepLogLevel: () => ownLogger && stepped(ownLogger),
    work: () => void (settings.role !== 'api' && loop.start()),
    async close() {
      accepting = false;
      const quiet = Promise.all([loop.stop(), drain.close().then(() => background.drained())]);
      await Promise.race([quiet, sleep(CLOSING_MS, undefined, { ref: false })]);
      container.unbindAll();
      metrics?.close();
      smtp?.close();
      redis?.destroy();
      await search?.close();
      await opened.close();
      await ownLogger?.close();
    },
  };
}

/** Loaded only where mail is sent. */
async function openSmtp(url: string, from: string) {
  const { SmtpMailer } = await import('../adapters/mail/smtp-mailer.ts');
  return new SmtpMailer({ url, from });
}

function requireLogFile(file: string): void {
  try {
    closeSync(openSync(file, 'a'));
  } catch (error) {
    throw new InvalidSettings([`LOG_FILE cannot be written: ${error instanceof Error ? error.message : file}`]);
  }
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function listen(server: Server, { host, port }: Settings): Promise<{ url: string }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 4096 }, () => {
      server.off('error', reject);
      const address = server.address() as AddressInfo;
      const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      resolve({ url: `http://${name}:${address.port}` });
    });
  });
}
