import Joi from 'joi';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import { invalidValue } from '../../domain/shared/domain-error.ts';
import type { Answer, RouteRequest } from './route.ts';

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly page?: number;
}

export const pageQuery = {
  limit: Joi.number().integer().min(1).max(100).default(20).description('How many at most.'),
  cursor: Joi.string().max(1000).description('Where to go on, from `links.next` of the page before.'),
  page: Joi.number().integer().min(1).max(500).description('A numbered page instead, which also counts the total.'),
};

export const pageMeta = Joi.object({
  has_next: Joi.boolean().required(),
  limit: Joi.number().integer().required(),
  page: Joi.number().integer(),
  total: Joi.number().integer(),
});

/** `list` names the list and its order: a cursor of one is refused by another. */
export function pageRequest(list: string, { query, cursors }: RouteRequest<unknown, PageQuery, unknown>): PageRequest {
  const { limit, cursor, page } = query;
  if (cursor !== undefined && page !== undefined) throw invalidValue('page', 'and cursor exclude each other');
  if (page !== undefined) return { limit, page };
  return { limit, after: cursor === undefined ? undefined : cursors.decode(list, cursor) };
}

export function pageAnswer<Item>(
  list: string,
  { query, cursors, url }: RouteRequest<unknown, PageQuery, unknown>,
  page: Page<Item>,
  view: (item: Item) => unknown,
  meta: Readonly<Record<string, unknown>> = {},
): Answer {
  const numbered = query.page !== undefined && { page: query.page, total: page.total };
  const next =
    page.next && linkTo(url, numbered ? { page: numbered.page + 1 } : { cursor: cursors.encode(list, page.next) });
  return {
    status: 200,
    data: page.items.map(view),
    meta: { has_next: next !== null, limit: query.limit, ...numbered, ...meta },
    links: { ...(next && { next }) },
  };
}

function linkTo(url: string, changes: Record<string, string | number>): string {
  const [path = '', search = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) parameters.set(name, String(value));
  return `${path}?${parameters.toString()}`;
}
