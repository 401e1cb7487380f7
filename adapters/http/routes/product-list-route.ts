import Joi from 'joi';
import type {
  CatalogQueries,
  Facet,
  ProductCriteria,
  ProductSort,
} from '../../../application/ports/catalog-queries.ts';
import { invalidValue } from '../../../domain/shared/domain-error.ts';
import { CategoryId } from '../../../domain/shared/ids.ts';
import { pageAnswer, pageMeta, type PageQuery, pageQuery, pageRequest } from '../lists.ts';
import { list, type Route, route } from '../route.ts';
import { uuid } from '../schemas.ts';
import { productSchema, productView } from '../views/product-view.ts';

interface ProductListQuery extends PageQuery {
  readonly q?: string;
  readonly category?: string;
  readonly min_price?: number;
  readonly max_price?: number;
  readonly in_stock?: boolean;
  readonly sort: ProductSort;
  readonly facets?: string;
}

const amount = Joi.number().integer().min(0).max(Number.MAX_SAFE_INTEGER);

const query = Joi.object<ProductListQuery>({
  ...pageQuery,
  q: Joi.string()
    .trim()
    .min(1)
    .max(100)
    .description('Words that must all occur in name, vendor, tags or SKU; else in other forms, else with a typo.'),
  category: uuid.description('This category and all below it.'),
  min_price: amount.description('Minor units.'),
  max_price: amount.description('Minor units.'),
  in_stock: Joi.boolean(),
  sort: Joi.string<ProductSort>().valid('newest', 'price', '-price', 'name', 'relevance').default('newest'),
  facets: Joi.string()
    .pattern(/^(?:category|price)(?:,(?:category|price))*$/, 'category, price or both, joined by a comma')
    .description('What to count: category, price.'),
});

const facetsMeta = pageMeta.keys({
  facets: Joi.object({
    category: Joi.array().items(
      Joi.object({ id: uuid.required(), name: Joi.string().required(), count: Joi.number().integer().required() }),
    ),
    price: Joi.object({ min: Joi.number().integer().required(), max: Joi.number().integer().required() }).allow(null),
  }),
});

function criteriaOf(sent: ProductListQuery): ProductCriteria {
  const { min_price: minPrice, max_price: maxPrice } = sent;
  if (minPrice !== undefined && maxPrice !== undefined && minPrice > maxPrice)
    throw invalidValue('min_price', 'must not be above max_price');
  return {
    text: sent.q,
    category: sent.category === undefined ? undefined : CategoryId(sent.category),
    minPrice,
    maxPrice,
    inStock: sent.in_stock,
    sort: sent.sort,
    facets: sent.facets?.split(',') as Facet[] | undefined,
  };
}

export const productListRoute = ({ catalog }: { catalog: CatalogQueries }): Route =>
  route({
    method: 'GET',
    path: '/products',
    name: 'listProducts',
    tag: 'Catalogue',
    summary: 'Browse and search the products',
    access: 'public',
    caching: 'public',
    query,
    answers: { 200: list(productSchema, facetsMeta) },
    handle: async request => {
      const order = `products:${request.query.sort}`;
      const page = await catalog.search(criteriaOf(request.query), pageRequest(order, request));
      const meta = request.query.facets ? { facets: page.facets } : {};
      return pageAnswer(order, request, page, productView, meta);
    },
  });
