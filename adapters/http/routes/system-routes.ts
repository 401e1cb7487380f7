import Joi from 'joi';
import { raw, type Route, route } from '../route.ts';

/** Resolves when the part answers; absent parts are disabled. */
export interface Probes {
  readonly database: () => Promise<void>;
  readonly redis?: () => Promise<void>;
  readonly search?: () => Promise<void>;
}

export interface SystemUseCases {
  readonly probes: Probes;
  /** False from the moment that the process was told to stop. */
  readonly accepting: () => boolean;
  /** Undefined: the document is not shown. */
  readonly openApi: (() => object) | undefined;
}

const part = Joi.string().valid('up', 'down', 'disabled');
const health = raw(
  Joi.object({
    status: Joi.string().valid('ok', 'degraded', 'down').required(),
    database: part.required(),
    redis: part.required(),
    search: part.required(),
  }).meta({ name: 'Health' }),
);
const alive = raw(Joi.object({ status: Joi.string().valid('ok', 'down').required() }));

async function ask(probe: (() => Promise<void>) | undefined): Promise<'up' | 'down' | 'disabled'> {
  if (!probe) return 'disabled';
  return probe().then(
    () => 'up' as const,
    () => 'down' as const,
  );
}

export const systemRoutes = ({ probes, accepting, openApi }: SystemUseCases): Route[] => [
  route({
    method: 'GET',
    path: '/health',
    atRoot: true,
    name: 'health',
    tag: 'System',
    summary: 'How the shop and its parts are',
    access: 'public',
    answers: { 200: health, 503: health },
    handle: async () => {
      const [database, redis, search] = await Promise.all([probes.database, probes.redis, probes.search].map(ask));
      const status = database === 'down' ? 'down' : redis === 'down' || search === 'down' ? 'degraded' : 'ok';
      return { status: status === 'down' ? 503 : 200, raw: { status, database, redis, search } };
    },
  }),
  route({
    method: 'GET',
    path: '/health/live',
    atRoot: true,
    name: 'healthLive',
    tag: 'System',
    summary: 'Whether the process runs',
    access: 'public',
    answers: { 200: alive },
    handle: () => ({ status: 200, raw: { status: 'ok' } }),
  }),
  route({
    method: 'GET',
    path: '/health/ready',
    atRoot: true,
    name: 'healthReady',
    tag: 'System',
    summary: 'Whether to send it traffic',
    access: 'public',
    answers: { 200: alive, 503: alive },
    handle: async () => {
      const ready = accepting() && (await ask(probes.database)) === 'up';
      return { status: ready ? 200 : 503, raw: { status: ready ? 'ok' : 'down' } };
    },
  }),
  ...(openApi ? [openApiRoute(openApi)] : []),
];

const openApiRoute = (openApi: () => object): Route =>
  route({
    method: 'GET',
    path: '/openapi.json',
    atRoot: true,
    name: 'openApi',
    tag: 'System',
    summary: 'This document',
    access: 'public',
    caching: 'public',
    answers: { 200: raw(Joi.object().unknown()) },
    handle: () => ({ status: 200, raw: openApi() }),
  });
