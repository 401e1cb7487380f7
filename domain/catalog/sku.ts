import type { Brand } from '../shared/brand.ts';
import { invalidValue } from '../shared/domain-error.ts';
import type { VariantId } from '../shared/ids.ts';
import { slugify } from '../shared/text.ts';

/** A stock-keeping unit: what the shop calls a variant. Unique among all variants that are not deleted. */
export type Sku = Brand<string, 'Sku'>;

export function Sku(text: string, field = 'sku'): Sku {
  const sku = text.trim();
  if (sku.length < 1 || sku.length > 100) throw invalidValue(field, 'must have 1 to 100 characters');
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(sku)) throw invalidValue(field, 'must not hold control characters');
  return sku as Sku;
}

/** A readable SKU for a variant that came without one; the random tail of its id keeps it unique. */
export function suggestSku(productName: string, id: VariantId): Sku {
  const stem = slugify(productName).slice(0, 24).replace(/-+$/, '').toUpperCase();
  return Sku(`${stem || 'ITEM'}-${id.slice(-8).toUpperCase()}`);
}
