import { type ProductImage, type VariantOption } from '../../../domain/catalog/product.ts';
import { Sku } from '../../../domain/catalog/sku.ts';
import { LARGEST_STOCK } from '../../../domain/inventory/stock-item.ts';
import type { Currency } from '../../../domain/shared/currency.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { Money } from '../../../domain/shared/money.ts';
import type { SheetRow } from '../../ports/product-sheets.ts';
import { quoted, tooLong } from './wording.ts';

/** What a row says about a variant; undefined where it says nothing, so that what there is stays. */
export interface VariantFacts {
  readonly sku: Sku | undefined;
  readonly options: readonly VariantOption[] | undefined;
  readonly price: Money | undefined;
  readonly compareAtPrice: Money | null | undefined;
  readonly barcode: string | null | undefined;
  readonly grams: number | null | undefined;
  readonly quantity: number | undefined;
}

export interface RowFacts {
  readonly row: SheetRow;
  /** Absent on rows that only add an image, or only speak of the product. */
  readonly variant: VariantFacts | undefined;
  readonly image: ProductImage | undefined;
  /** When there are any the row is not taken in. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** The heaviest thing that fits a whole number of grams in every store. */
const MOST_GRAMS = 1_000_000_000;

export function readRow(row: SheetRow, currency: Currency): RowFacts {
  const reading = new Reading(row, currency);
  const variant = speaksOfVariant(row) ? reading.variant() : undefined;
  const image = row.imageSrc ? reading.image() : undefined;
  if (!variant && !image && !speaksOfProduct(row)) reading.problems.push('says nothing but its handle');
  return { row, variant, image, problems: reading.problems, warnings: reading.warnings };
}

const speaksOfVariant = (row: SheetRow): boolean =>
  Boolean(row.sku || row.price || row.quantity || row.compareAtPrice || row.barcode || row.grams) ||
  row.options.length > 0 ||
  Boolean(row.title && !row.missingColumns.has('price'));

const speaksOfProduct = (row: SheetRow): boolean =>
  Boolean(row.title || row.description || row.vendor) || row.tags.length + row.categoryPath.length > 0;

class Reading {
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  readonly #row: SheetRow;
  readonly #currency: Currency;

  constructor(row: SheetRow, currency: Currency) {
    this.#row = row;
    this.#currency = currency;
  }

  variant(): VariantFacts {
    const { missingColumns: missing, options, barcode } = this.#row;
    for (const { name, value } of options) {
      this.#limit('Option name', name, 255);
      this.#limit('Option value', value, 255);
    }
    this.#limit('Variant Barcode', barcode, 255);
    return {
      sku: this.#sku(),
      options: missing.has('options') ? undefined : options,
      price: missing.has('price') ? undefined : this.#money('Variant Price', this.#row.price),
      compareAtPrice: missing.has('compareAtPrice') ? undefined : this.#compareAtPrice(),
      barcode: missing.has('barcode') ? undefined : barcode || null,
      grams: missing.has('grams') ? undefined : this.#grams(),
      quantity: this.#quantity(),
    };
  }

  image(): ProductImage {
    const { imageSrc: src, imageAlt: alt } = this.#row;
    this.#limit('Image Src', src, 2_048);
    this.#limit('Image Alt Text', alt, 1_000);
    return { src, alt };
  }

  #limit(what: string, text: string, most: number): void {
    const problem = tooLong(what, text, most);
    if (problem) this.problems.push(problem);
  }

  #sku(): Sku | undefined {
    return this.#row.sku ? this.#parsed(() => Sku(this.#row.sku, 'Variant SKU')) : undefined;
  }

  #money(what: string, text: string): Money | undefined {
    if (text === '') this.problems.push(`${what} is empty`);
    else {
      const money = Money.fromDecimal(text, this.#currency);
      if (money) return this.#parsed(() => Money.price(money.amount, money.currency, what));
      this.problems.push(`${what} ${quoted(text)} is not an amount in ${this.#currency}`);
    }
    return undefined;
  }

  #compareAtPrice(): Money | null | undefined {
    return this.#row.compareAtPrice ? this.#money('Variant Compare At Price', this.#row.compareAtPrice) : null;
  }

  #grams(): number | null {
    const { grams } = this.#row;
    if (grams === '') return null;
    const rounded = /^\d{1,10}(\.\d+)?$/.test(grams) ? Math.round(Number(grams)) : NaN;
    if (!(rounded <= MOST_GRAMS)) this.problems.push(`Variant Grams ${quoted(grams)} is not a weight in grams`);
    else if (Number(grams) !== rounded) this.warnings.push(`Variant Grams ${quoted(grams)} was rounded to ${rounded}`);
    return rounded;
  }

  #quantity(): number | undefined {
    const { quantity, tracked, sellsWithoutStock } = this.#row;
    if (sellsWithoutStock)
      this.warnings.push('is to go on selling when out of stock: here it is sold only while in stock');
    if (!tracked) this.warnings.push('is not tracked in the sheet: here it is sold only while in stock');
    if (quantity === '') return undefined;
    const units = /^-?\d{1,15}$/.test(quantity) ? Number(quantity) : NaN;
    if (!(units <= LARGEST_STOCK)) {
      this.problems.push(`Variant Inventory Qty ${quoted(quantity)} is not a whole number up to ${LARGEST_STOCK}`);
      return undefined;
    }
    if (units < 0) this.warnings.push(`Variant Inventory Qty ${quantity} was taken as 0`);
    return Math.max(0, units);
  }

  #parsed<Value>(parse: () => Value): Value | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.problems.push(error.message);
      return undefined;
    }
  }
}
