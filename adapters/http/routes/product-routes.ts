import { createHash } from 'node:crypto';
import Joi from 'joi';
import type { ChangeProduct } from '../../../application/catalog/change-product.ts';
import type { ChangeVariants } from '../../../application/catalog/change-variants.ts';
import type { CreateProduct } from '../../../application/catalog/create-product.ts';
import type { DeleteProduct } from '../../../application/catalog/delete-product.ts';
import type { VariantInput } from '../../../application/catalog/product-command.ts';
import type { CatalogQueries, ProductView } from '../../../application/ports/catalog-queries.ts';
import type { Rights } from '../../../domain/identity/permissions.ts';
import { invalidValue, notFound } from '../../../domain/shared/domain-error.ts';
import { CategoryId, ProductId, VariantId } from '../../../domain/shared/ids.ts';
import { type Answer, list, none, one, type Route, route } from '../route.ts';
import { idParams } from '../schemas.ts';
import { adminProductView, productSchema, productView, variantSchema, variantView } from '../views/product-view.ts';
import {
  newProduct,
  newVariant,
  onlyVariant,
  type ProductBody,
  productChanges,
  productPatch,
  replacedProduct,
  variantChanges,
  variantInput,
} from './product-bodies.ts';

export interface ProductUseCases {
  readonly createProduct: CreateProduct;
  readonly changeProduct: ChangeProduct;
  readonly deleteProduct: DeleteProduct;
  readonly changeVariants: ChangeVariants;
  readonly catalog: CatalogQueries;
}

const staff = ({ permissions }: Rights): boolean => permissions.includes('products:write');

/**
 * The public answer also shows stock, which changes without a new version: so its tag names the content as well, and
 * `If-None-Match` never hides a sale. `If-Match` takes both forms.
 */
function productAnswer(product: ProductView, rights: Rights, status: 200 | 201 = 200): Answer {
  if (staff(rights)) return { status, data: adminProductView(product), version: product.version };
  const data = productView(product);
  const content = createHash('sha256').update(JSON.stringify(data)).digest('base64url').slice(0, 12);
  return { status, data, version: product.version, content };
}

function variantsOf(body: Partial<ProductBody>): readonly VariantInput[] {
  const { variants, price } = body;
  if (variants && onlyVariant(body)) throw invalidValue('variants', 'and price, stock or sku exclude each other');
  if (variants) return variants.map(variant => variantInput(variant));
  if (!price) throw invalidValue('price', 'is required without variants');
  return [{ ...onlyVariant(body), price: variantInput({ price }).price }];
}

export function productRoutes(use: ProductUseCases): Route[] {
  const found = async (by: { id: ProductId } | { slug: string }, rights: Rights) => {
    const product = await use.catalog.product(by, { hidden: staff(rights) });
    if (!product) throw notFound('Product');
    return product;
  };
  const shown = async (id: ProductId, rights: Rights, status: 200 | 201 = 200) =>
    productAnswer(await found({ id }, rights), rights, status);

  return [
    route({
      method: 'GET',
      path: '/products/{id}',
      name: 'showProduct',
      tag: 'Catalogue',
      summary: 'A product with its variants; staff see more of it',
      access: 'public',
      showsMoreTo: 'products:write',
      caching: 'public',
      params: idParams,
      answers: { 200: one(productSchema) },
      handle: ({ params, rights }) => shown(ProductId(params.id), rights),
    }),
    route({
      method: 'GET',
      path: '/products/slug/{slug}',
      name: 'showProductBySlug',
      tag: 'Catalogue',
      summary: 'A product by the words in its address',
      access: 'public',
      showsMoreTo: 'products:write',
      caching: 'public',
      params: Joi.object<{ slug: string }>({ slug: Joi.string().max(255).required() }),
      answers: { 200: one(productSchema) },
      handle: async ({ params, rights }) => productAnswer(await found({ slug: params.slug }, rights), rights),
    }),
    route({
      method: 'POST',
      path: '/products',
      name: 'createProduct',
      tag: 'Catalogue',
      summary: 'Add a product; without variants it gets one of its own',
      access: 'products:write',
      body: newProduct,
      answers: { 201: one(productSchema) },
      errors: ['SKU_TAKEN', 'SLUG_TAKEN', 'TOO_MANY_VARIANTS', 'CURRENCY_MISMATCH'],
      handle: async ({ body, userId, rights }) => {
        const facts = { ...productChanges(body), name: body.name, categoryId: CategoryId(body.category_id) };
        const product = { ...facts, variants: variantsOf(body) };
        const { id } = await use.createProduct.execute({ product, by: userId });
        return { ...(await shown(id, rights, 201)), location: `/api/v1/products/${id}` } as Answer;
      },
    }),
    route({
      method: 'PUT',
      path: '/products/{id}',
      name: 'replaceProduct',
      tag: 'Catalogue',
      summary: 'Say all of a product anew; what is left out is empty, variants are known by SKU',
      access: 'products:write',
      params: idParams,
      body: replacedProduct,
      answers: { 200: one(productSchema) },
      errors: ['SKU_TAKEN', 'SLUG_TAKEN', 'RULE_VIOLATION', 'CURRENCY_MISMATCH', 'STOCK_BELOW_RESERVED'],
      handle: async ({ params, body, userId, rights, ifMatch }) => {
        const blank = { description: '', vendor: '', tags: [], images: [], status: 'active' as const };
        const productId = ProductId(params.id);
        await use.changeProduct.execute({
          productId,
          by: userId,
          expectedVersion: ifMatch,
          changes: { ...blank, ...productChanges(body) },
          variant: body.variants ? undefined : onlyVariant(body),
          variants: body.variants && variantsOf(body),
        });
        return shown(productId, rights);
      },
    }),
    route({
      method: 'PATCH',
      path: '/products/{id}',
      name: 'changeProduct',
      tag: 'Catalogue',
      summary: 'Change some of a product',
      access: 'products:write',
      params: idParams,
      body: productPatch,
      answers: { 200: one(productSchema) },
      errors: ['SKU_TAKEN', 'SLUG_TAKEN', 'RULE_VIOLATION', 'CURRENCY_MISMATCH', 'STOCK_BELOW_RESERVED'],
      handle: async ({ params, body, userId, rights, ifMatch }) => {
        const productId = ProductId(params.id);
        await use.changeProduct.execute({
          productId,
          by: userId,
          expectedVersion: ifMatch,
          changes: productChanges(body),
          variant: body.variants ? undefined : onlyVariant(body),
          variants: body.variants && variantsOf(body),
        });
        return shown(productId, rights);
      },
    }),
    route({
      method: 'DELETE',
      path: '/products/{id}',
      name: 'deleteProduct',
      tag: 'Catalogue',
      summary: 'Take a product out of the shop; orders keep what they say of it',
      access: 'products:write',
      params: idParams,
      answers: { 204: none },
      handle: async ({ params, userId, ifMatch }) => {
        await use.deleteProduct.execute({ productId: ProductId(params.id), by: userId, expectedVersion: ifMatch });
        return { status: 204 };
      },
    }),
    route({
      method: 'GET',
      path: '/products/{id}/variants',
      name: 'listVariants',
      tag: 'Catalogue',
      summary: 'The variants of a product',
      access: 'public',
      showsMoreTo: 'products:write',
      caching: 'public',
      params: idParams,
      answers: { 200: list(variantSchema) },
      handle: async ({ params, rights }) => {
        const { variants } = await found({ id: ProductId(params.id) }, rights);
        return { status: 200, data: variants.map(variantView) };
      },
    }),
    route({
      method: 'POST',
      path: '/products/{id}/variants',
      name: 'addVariant',
      tag: 'Catalogue',
      summary: 'Add a variant',
      access: 'products:write',
      params: idParams,
      body: newVariant,
      answers: { 201: one(variantSchema) },
      errors: ['SKU_TAKEN', 'TOO_MANY_VARIANTS', 'CURRENCY_MISMATCH'],
      handle: async ({ params, body, userId, rights }) => {
        const productId = ProductId(params.id);
        const command = { productId, by: userId, variant: variantInput(body) };
        const { id } = await use.changeVariants.add(command);
        return variantAnswer(await found({ id: productId }, rights), id, 201);
      },
    }),
    route({
      method: 'PATCH',
      path: '/variants/{id}',
      name: 'changeVariant',
      tag: 'Catalogue',
      summary: 'Change a variant',
      access: 'products:write',
      params: idParams,
      body: variantChanges,
      answers: { 200: one(variantSchema) },
      errors: ['SKU_TAKEN', 'CURRENCY_MISMATCH', 'STOCK_BELOW_RESERVED'],
      handle: async ({ params, body, userId, ifMatch }) => {
        const variantId = VariantId(params.id);
        const changes = variantInput(body);
        const productId = await use.changeVariants.change({ variantId, by: userId, expectedVersion: ifMatch, changes });
        return variantAnswer((await use.catalog.product({ id: productId }, { hidden: true }))!, variantId, 200);
      },
    }),
    route({
      method: 'DELETE',
      path: '/variants/{id}',
      name: 'deleteVariant',
      tag: 'Catalogue',
      summary: 'Take a variant out of the shop',
      access: 'products:write',
      params: idParams,
      answers: { 204: none },
      errors: ['LAST_VARIANT'],
      handle: async ({ params, userId, ifMatch }) => {
        await use.changeVariants.remove({ variantId: VariantId(params.id), by: userId, expectedVersion: ifMatch });
        return { status: 204 };
      },
    }),
  ];
}

function variantAnswer({ variants }: ProductView, id: VariantId, status: 200 | 201): Answer {
  const variant = variants.find(candidate => candidate.id === id)!;
  return { status, data: variantView(variant), version: variant.version };
}
