import type { SearchDocument, SearchEntry } from '../../application/ports/search-index.ts';
import { neighboursOf, tokensOf } from '../../domain/catalog/search-words.ts';
import { fold } from '../../domain/shared/text.ts';

/** A document as JSON keeps it. */
export type StoredDocument = Omit<SearchDocument, 'createdAt'> & { readonly createdAt: string };

export const documentOf = ({ createdAt, ...document }: StoredDocument): SearchDocument => ({
  ...document,
  createdAt: new Date(createdAt),
});

const textOf = ({ name, vendor, tags, skus }: SearchDocument): string =>
  [name, vendor, ...tags, ...skus].map(fold).join('\n');

export function documentRow({ id, version, document }: SearchEntry) {
  const text = document && textOf(document);
  return {
    product_id: id,
    version,
    document,
    sort_name: document && fold(document.name),
    search_text: text,
    words: text === null ? null : tokensOf(text),
    category_id: document?.categoryId ?? null,
    price: document?.price ?? null,
    in_stock: document?.inStock ?? null,
    created_at: document?.createdAt ?? null,
  };
}

/** Too short or too long ones are never one typo away from what somebody types. They are not forgotten: it is cheaper. */
export function wordRows(entries: readonly SearchEntry[]) {
  const words = new Set(entries.flatMap(({ document }) => (document ? tokensOf(textOf(document)) : [])));
  return [...words]
    .filter(word => word.length >= 3 && word.length <= 41)
    .toSorted()
    .map(word => ({ word, neighbours: neighboursOf(word) }));
}
