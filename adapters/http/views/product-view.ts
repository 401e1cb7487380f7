import Joi from 'joi';
import type { ProductView, VariantView } from '../../../application/ports/catalog-queries.ts';
import type { CategorySnapshot } from '../../../domain/catalog/category.ts';
import { money, time, uuid, version } from '../schemas.ts';

const optionsOf = (variant: VariantView) => Object.fromEntries(variant.options.map(({ name, value }) => [name, value]));

export const variantSchema = Joi.object({
  id: uuid.required(),
  sku: Joi.string().required(),
  name: Joi.string().required(),
  options: Joi.object().pattern(Joi.string(), Joi.string().allow('')).required(),
  price: money.required(),
  compare_at_price: money.allow(null).required(),
  available: Joi.number().integer().min(0).required().description('Units that can be bought now.'),
  in_stock: Joi.boolean().required(),
  version: version.required(),
}).meta({ name: 'Variant' });

export const variantView = (variant: VariantView) => ({
  id: variant.id,
  sku: variant.sku,
  name: variant.name,
  options: optionsOf(variant),
  price: variant.price,
  compare_at_price: variant.compareAtPrice,
  available: variant.available,
  in_stock: variant.available > 0,
  version: variant.version,
});

const audit = {
  created_by: uuid.allow(null).required(),
  updated_by: uuid.allow(null).required(),
};

const productFields = {
  id: uuid.required(),
  name: Joi.string().required(),
  slug: Joi.string().required(),
  description: Joi.string().allow('').required().description('As the shop wrote it; may be HTML: escape or clean it.'),
  category_id: uuid.required(),
  vendor: Joi.string().allow('').required(),
  tags: Joi.array().items(Joi.string()).required(),
  images: Joi.array()
    .items(Joi.object({ src: Joi.string().required(), alt: Joi.string().allow('').required() }))
    .required(),
  price: money.required().description('The lowest of its variants.'),
  in_stock: Joi.boolean().required(),
  variants: Joi.array().items(variantSchema).required(),
  version: version.required(),
  created_at: time.required(),
  updated_at: time.required(),
};

export const productSchema = Joi.object({
  ...productFields,
  admin_data: Joi.object({
    status: Joi.string().valid('active', 'draft').required(),
    ...audit,
    stock: Joi.array()
      .items(
        Joi.object({
          variant_id: uuid.required(),
          on_hand: Joi.number().integer().required(),
          reserved: Joi.number().integer().required(),
          barcode: Joi.string().allow(null).required(),
          grams: Joi.number().integer().allow(null).required(),
        }),
      )
      .required(),
  }).description('Only for those who may write products.'),
}).meta({ name: 'Product' });

/** What everybody sees; the only view that may be kept in a shared cache. */
export function productView(product: ProductView) {
  const lowest = product.variants.reduce(
    (low, { price }) => (low.isMoreThan(price) ? price : low),
    product.variants[0]!.price,
  );
  return {
    id: product.id,
    name: product.name,
    slug: product.slug,
    description: product.description,
    category_id: product.categoryId,
    vendor: product.vendor,
    tags: product.tags,
    images: product.images,
    price: lowest,
    in_stock: product.variants.some(variant => variant.available > 0),
    variants: product.variants.map(variantView),
    version: product.version,
    created_at: product.createdAt,
    updated_at: product.updatedAt,
  };
}

export const adminProductView = (product: ProductView) => ({
  ...productView(product),
  admin_data: {
    status: product.status,
    created_by: product.createdBy,
    updated_by: product.updatedBy,
    stock: product.variants.map(variant => ({
      variant_id: variant.id,
      on_hand: variant.onHand,
      reserved: variant.reserved,
      barcode: variant.barcode,
      grams: variant.grams,
    })),
  },
});

export const categorySchema = Joi.object({
  id: uuid.required(),
  name: Joi.string().required(),
  slug: Joi.string().required(),
  parent_id: uuid.allow(null).required(),
  version: version.required(),
}).meta({ name: 'Category' });

export const categoryView = (category: CategorySnapshot) => ({
  id: category.id,
  name: category.name,
  slug: category.slug,
  parent_id: category.parentId,
  version: category.version,
});
