import type { ProductImage, ProductSnapshot, ProductStatus } from '../../../domain/catalog/product.ts';
import type { SheetColumn, SheetRow } from '../../ports/product-sheets.ts';
import { tagsCell, tagsOf } from './sheet-form.ts';
import { tooLong } from './wording.ts';

/** What the rows of a product say about all of it; undefined where they say nothing, so that what there is stays. */
export interface ProductFacts {
  /** The row that it was read from. */
  readonly head: SheetRow;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly vendor: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly categoryPath: readonly string[] | undefined;
  readonly status: ProductStatus | undefined;
  readonly problems: readonly string[];
}

const DEEPEST_SHELF = 20;
const MOST_TAGS = 250;

/** The first row with a title speaks for the product: what is empty there is meant to be empty. */
export function readProduct(rows: readonly SheetRow[]): ProductFacts {
  const head = rows.find(({ title }) => title !== '') ?? rows[0]!;
  const said = <Value extends { length: number }>(column: SheetColumn, value: Value): Value | undefined =>
    value.length > 0 || (head.title && !head.missingColumns.has(column)) ? value : undefined;
  return {
    head,
    name: head.title || undefined,
    description: said('description', head.description.trim() && head.description),
    vendor: said('vendor', head.vendor),
    tags: said('tags', head.tags),
    categoryPath: head.categoryPath.length > 0 ? head.categoryPath : undefined,
    status: head.published === null ? undefined : head.published ? 'active' : 'draft',
    problems: problemsOf(head),
  };
}

const problemsOf = ({ title, vendor, tags, categoryPath }: SheetRow): readonly string[] =>
  [
    tooLong('Title', title, 255),
    tooLong('Vendor', vendor, 255),
    ...tags.map(tag => tooLong('Tag', tag, 255)),
    ...categoryPath.map(name => tooLong('Category', name, 255)),
    tags.length > MOST_TAGS ? `has more than ${MOST_TAGS} tags` : undefined,
    categoryPath.length > DEEPEST_SHELF ? `has a category more than ${DEEPEST_SHELF} levels deep` : undefined,
  ].filter(problem => problem !== undefined);

type Differences = Partial<Pick<ProductSnapshot, 'name' | 'description' | 'vendor' | 'tags' | 'status' | 'images'>>;

/** Only what is really different; blanks around a text do not make a difference. */
export function differences(before: ProductSnapshot, facts: ProductFacts, added: readonly ProductImage[]): Differences {
  const { name, description, vendor, tags, status } = facts;
  const images = mergedImages(before.images, added);
  return {
    ...(differs(before.name, name) && { name }),
    ...(differs(before.description, description) && { description }),
    ...(differs(before.vendor, vendor) && { vendor }),
    ...(tags && tagsCell(tags) !== tagsCell(tagsOf(tagsCell(before.tags))) && { tags }),
    ...(status && status !== before.status && { status }),
    ...(images !== before.images && { images }),
  };
}

const differs = (before: string, said: string | undefined): said is string =>
  said !== undefined && said.trim() !== before.trim();

/** Images are added or described anew, never taken away; the same list when nothing is new. */
export function mergedImages(before: readonly ProductImage[], added: readonly ProductImage[]): readonly ProductImage[] {
  let merged = before;
  for (const image of added) {
    const known = merged.filter(({ src }) => src.trim() === image.src);
    if (known.length === 0) merged = [...merged, image];
    else if (image.alt && known.every(({ alt }) => alt.trim() !== image.alt))
      merged = merged.map(each => (each === known[0] ? { ...each, alt: image.alt } : each));
  }
  return merged;
}
