import Joi from 'joi';
import type { ChangeCategories } from '../../../application/catalog/change-categories.ts';
import type { CatalogQueries } from '../../../application/ports/catalog-queries.ts';
import { notFound } from '../../../domain/shared/domain-error.ts';
import { CategoryId } from '../../../domain/shared/ids.ts';
import { list, none, one, type Route, route } from '../route.ts';
import { idParams, slug, text, uuid } from '../schemas.ts';
import { categorySchema, categoryView } from '../views/product-view.ts';

export interface CategoryUseCases {
  readonly changeCategories: ChangeCategories;
  readonly catalog: CatalogQueries;
}

interface CategoryBody {
  readonly name: string;
  readonly slug?: string;
  readonly parent_id?: string | null;
}

const parentOf = ({ parent_id: id }: Partial<CategoryBody>) =>
  id === undefined ? {} : { parentId: id === null ? null : CategoryId(id) };

export const categoryRoutes = (use: CategoryUseCases): Route[] => [
  route({
    method: 'GET',
    path: '/categories',
    name: 'listCategories',
    tag: 'Catalogue',
    summary: 'All categories; parent_id makes the tree',
    access: 'public',
    caching: 'public',
    answers: { 200: list(categorySchema) },
    handle: async () => ({ status: 200, data: (await use.catalog.categories()).map(categoryView) }),
  }),
  route({
    method: 'GET',
    path: '/categories/{id}',
    name: 'showCategory',
    tag: 'Catalogue',
    summary: 'One category',
    access: 'public',
    caching: 'public',
    params: idParams,
    answers: { 200: one(categorySchema) },
    handle: async ({ params }) => {
      const id = CategoryId(params.id);
      const category = (await use.catalog.categories()).find(candidate => candidate.id === id);
      if (!category) throw notFound('Category');
      return { status: 200, data: categoryView(category), version: category.version };
    },
  }),
  route({
    method: 'POST',
    path: '/categories',
    name: 'addCategory',
    tag: 'Catalogue',
    summary: 'Add a category',
    access: 'products:write',
    body: Joi.object<CategoryBody>({ name: text(255).required(), slug, parent_id: uuid.allow(null) }),
    answers: { 201: one(categorySchema) },
    errors: ['SLUG_TAKEN'],
    handle: async ({ body, userId }) => {
      const input = { name: body.name, ...(body.slug && { slug: body.slug }), ...parentOf(body) };
      const category = await use.changeCategories.add({ by: userId, ...input });
      const location = `/api/v1/categories/${category.id}`;
      return { status: 201, data: categoryView(category), version: category.version, location };
    },
  }),
  route({
    method: 'PATCH',
    path: '/categories/{id}',
    name: 'changeCategory',
    tag: 'Catalogue',
    summary: 'Rename or move a category',
    access: 'products:write',
    params: idParams,
    body: Joi.object<Partial<CategoryBody>>({ name: text(255), slug, parent_id: uuid.allow(null) }).min(1),
    answers: { 200: one(categorySchema) },
    errors: ['SLUG_TAKEN'],
    handle: async ({ params, body, userId, ifMatch }) => {
      const { name, slug: newSlug } = body;
      const changes = { ...(name && { name }), ...(newSlug && { slug: newSlug }), ...parentOf(body) };
      const command = { categoryId: CategoryId(params.id), by: userId, expectedVersion: ifMatch, changes };
      const category = await use.changeCategories.change(command);
      return { status: 200, data: categoryView(category), version: category.version };
    },
  }),
  route({
    method: 'DELETE',
    path: '/categories/{id}',
    name: 'removeCategory',
    tag: 'Catalogue',
    summary: 'Remove an empty category',
    access: 'products:write',
    params: idParams,
    answers: { 204: none },
    errors: ['CATEGORY_NOT_EMPTY'],
    handle: async ({ params, userId, ifMatch }) => {
      await use.changeCategories.remove({ categoryId: CategoryId(params.id), by: userId, expectedVersion: ifMatch });
      return { status: 204 };
    },
  }),
];
