import cors from '@koa/cors';
import etag from '@koa/etag';
import Router from '@koa/router';
import Koa from 'koa';
import compress from 'koa-compress';
import conditionalGet from 'koa-conditional-get';
import helmet from 'koa-helmet';
import type { Ids } from '../../application/ports/ids.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { HttpRefusal } from './errors.ts';
import type { Onlooker, RouteMark } from './answered.ts';
import { believeAddress } from './client-address.ts';
import { docsPage } from './docs/docs-page.ts';
import { errorBoundary } from './middleware/error-boundary.ts';
import { oneMeaning } from './middleware/one-meaning.ts';
import { requestId } from './middleware/request-id.ts';
import { watchRequests } from './middleware/watch-requests.ts';
import { fullPath, rateOf, type Route } from './route.ts';
import { type RoutePorts, runRoute } from './run-route.ts';

export interface ServerOptions {
  readonly routes: readonly Route[];
  readonly ports: RoutePorts;
  readonly ids: Ids;
  readonly logger: Logger;
  /** Who sees every request come and go. */
  readonly onlookers: readonly Onlooker[];
  /** Origins of browsers that may call; none by default. */
  readonly corsOrigins: readonly string[];
  /** How many proxies of our own stand before it. */
  readonly trustedProxies: number;
  /** Whether there is a page that explains the API. */
  readonly apiDocs: boolean;
}

/** The shop's HTTP face. Everything that a route can do stands in its row of the table. */
export function createServer(options: ServerOptions): Koa {
  const { routes, ports, ids, logger, onlookers, corsOrigins, trustedProxies, apiDocs } = options;
  const app = new Koa();
  app.silent = true; // The error boundary has logged it.
  app.use(believeAddress(trustedProxies));
  app.use(requestId(ids));
  if (onlookers.length > 0) app.use(watchRequests(onlookers));
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }, useDefaults: false },
      xFrameOptions: { action: 'deny' },
    }),
  );
  app.use(allowOrigins(corsOrigins));
  app.use(errorBoundary({ clock: ports.clock, logger }));
  app.use(oneMeaning);
  if (apiDocs) app.use(docsPage());
  app.use(compress());
  for (const middleware of table(routes, ports)) app.use(middleware);
  return app;
}

function allowOrigins(origins: readonly string[]): Koa.Middleware {
  return cors({
    origin: ctx => (origins.includes(ctx.get('Origin')) ? ctx.get('Origin') : ''),
    exposeHeaders: ['ETag', 'Link', 'Location', 'X-Request-Id', 'Idempotency-Replayed', 'Retry-After'],
    maxAge: 600,
  });
}

function table(routes: readonly Route[], ports: RoutePorts): Koa.Middleware[] {
  const router = new Router();
  for (const row of routes) {
    const pattern = fullPath(row).replace(/\{(\w+)\}/g, ':$1');
    const shared = row.caching === 'public' ? [forEverybody(conditionalGet()), forEverybody(etag())] : [];
    const mark: RouteMark = { name: row.name, pattern: fullPath(row), rate: rateOf(row) };
    const named: Koa.Middleware = (ctx, next) => {
      ctx.state['route'] = mark;
      return next();
    };
    router.register(pattern, [row.method], [named, ...shared, ctx => runRoute(row, ctx, ports)]);
  }
  return [refuseUnmatched, router.routes() as Koa.Middleware, router.allowedMethods() as Koa.Middleware];
}

/** Only public answers may be asked for again by tag: what is personal, or for staff, is not kept by anybody. */
const forEverybody =
  (middleware: Koa.Middleware): Koa.Middleware =>
  (ctx, next) =>
    ctx.get('Authorization') ? next() : middleware(ctx, next);

const refuseUnmatched: Koa.Middleware = async (ctx, next) => {
  await next();
  if (ctx.status === 405 || ctx.status === 501)
    throw new HttpRefusal('METHOD_NOT_ALLOWED', undefined, {}, { Allow: ctx.response.get('Allow') });
  if (ctx.status === 404 && !ctx.body) throw new HttpRefusal('NOT_FOUND', 'There is nothing under this path.');
};
