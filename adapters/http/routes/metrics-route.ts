import { createHash, timingSafeEqual } from 'node:crypto';
import Joi from 'joi';
import { refused } from '../authentication.ts';
import { raw, type Route, route } from '../route.ts';

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

const TYPE = 'text/plain';

/** @param token what a reader has to show; undefined: anybody may read. */
export const metricsRoute = (metrics: Metrics, token: string | undefined): Route =>
  route({
    method: 'GET',
    path: '/metrics',
    atRoot: true,
    name: 'metrics',
    tag: 'System',
    summary: 'Figures for Prometheus; with `METRICS_TOKEN` only for who sends it as Bearer token',
    access: 'public',
    credentials: 'own',
    answers: { 200: raw(Joi.string(), TYPE) },
    handle: async ({ headers }) => {
      if (token !== undefined && !isSame(headers.authorization ?? '', `Bearer ${token}`))
        throw refused('UNAUTHENTICATED', 'Send the token of the metrics.');
      return { status: 200, raw: await metrics.text(), type: metrics.contentType };
    },
  });

/** In the same time for every wrong one. */
const isSame = (sent: string, expected: string): boolean => timingSafeEqual(hash(sent), hash(expected));

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
