import Joi from 'joi';
import type { VariantInput } from '../../../application/catalog/product-command.ts';
import { Sku } from '../../../domain/catalog/sku.ts';
import { LARGEST_STOCK } from '../../../domain/inventory/stock-item.ts';
import type { ProductChanges, ProductStatus } from '../../../domain/catalog/product.ts';
import { Currency } from '../../../domain/shared/currency.ts';
import { CategoryId } from '../../../domain/shared/ids.ts';
import { Money } from '../../../domain/shared/money.ts';
import { money, type MoneyBody, slug, text, uuid } from '../schemas.ts';

/** What staff send about products and variants, and how it becomes a command. */

export interface VariantBody {
  readonly sku?: string;
  readonly name?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly price: MoneyBody;
  readonly compare_at_price?: MoneyBody | null;
  readonly barcode?: string | null;
  readonly grams?: number | null;
  readonly stock?: number;
}

export interface ProductBody {
  readonly name: string;
  readonly slug?: string;
  readonly description?: string;
  readonly category_id: string;
  readonly vendor?: string;
  readonly tags?: readonly string[];
  readonly status?: ProductStatus;
  readonly images?: readonly { readonly src: string; readonly alt?: string }[];
  readonly price?: MoneyBody;
  readonly stock?: number;
  readonly sku?: string;
  readonly variants?: readonly VariantBody[];
}

const stock = Joi.number().integer().min(0).max(LARGEST_STOCK);
const sku = text(100);

const variantFields = {
  sku,
  name: text(255),
  options: Joi.object<Record<string, string>>().pattern(Joi.string().min(1).max(100), Joi.string().max(255)).max(10),
  price: money,
  compare_at_price: money.allow(null),
  barcode: text(100).allow(null),
  grams: Joi.number().integer().min(0).max(100_000_000).allow(null),
  stock,
};

export const newVariant = Joi.object<VariantBody>({ ...variantFields, price: money.required() });
export const variantChanges = Joi.object<Partial<VariantBody>>(variantFields).min(1);

const productFields = {
  name: text(255),
  slug,
  description: Joi.string().max(50_000).allow(''),
  category_id: uuid,
  vendor: Joi.string().trim().max(255).allow(''),
  tags: Joi.array().items(text(100)).max(100),
  status: Joi.string<ProductStatus>().valid('active', 'draft'),
  images: Joi.array()
    .items(
      Joi.object({
        src: Joi.string()
          .uri({ scheme: ['http', 'https'] })
          .max(2000)
          .required(),
        alt: Joi.string().max(500).allow(''),
      }),
    )
    .max(250),
  price: money.description('For a product of one variant.'),
  stock: stock.description('For a product of one variant.'),
  sku: sku.description('For a product of one variant; made when left out.'),
};

const wholeProduct = {
  ...productFields,
  name: productFields.name.required(),
  category_id: productFields.category_id.required(),
  variants: Joi.array().items(newVariant).min(1).max(250),
};

export const newProduct = Joi.object<ProductBody>(wholeProduct);
export const replacedProduct = Joi.object<ProductBody>(wholeProduct);
export const productPatch = Joi.object<Partial<ProductBody>>({
  ...productFields,
  variants: wholeProduct.variants.description('All of them anew, known by SKU.'),
}).min(1);

const moneyOf = ({ amount, currency }: MoneyBody) => Money.price(amount, Currency(currency));

export function variantInput(body: VariantBody): VariantInput;
export function variantInput(body: Partial<VariantBody>): Partial<VariantInput>;
export function variantInput(body: Partial<VariantBody>): Partial<VariantInput> {
  const { sku: code, options, price, compare_at_price: compareAt, ...rest } = body;
  return {
    ...rest,
    ...(code !== undefined && { sku: Sku(code) }),
    ...(options && { options: Object.entries(options).map(([name, value]) => ({ name, value })) }),
    ...(price && { price: moneyOf(price) }),
    ...(compareAt !== undefined && { compareAtPrice: compareAt && moneyOf(compareAt) }),
  };
}

export function productChanges(body: Partial<ProductBody>): ProductChanges {
  const { name, description, category_id: categoryId, vendor, tags, status, images } = body;
  return {
    ...(name !== undefined && { name }),
    ...(body.slug !== undefined && { slug: body.slug }),
    ...(description !== undefined && { description }),
    ...(categoryId !== undefined && { categoryId: CategoryId(categoryId) }),
    ...(vendor !== undefined && { vendor }),
    ...(tags && { tags }),
    ...(status && { status }),
    ...(images && { images: images.map(({ src, alt = '' }) => ({ src, alt })) }),
  };
}

/** The fields of a product that are really those of its only variant. */
export function onlyVariant({
  price,
  stock: onHand,
  sku: code,
}: Partial<ProductBody>): Partial<VariantInput> | undefined {
  if (price === undefined && onHand === undefined && code === undefined) return undefined;
  return variantInput({
    ...(price && { price }),
    ...(onHand !== undefined && { stock: onHand }),
    ...(code !== undefined && { sku: code }),
  });
}
