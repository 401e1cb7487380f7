import type { estypes } from '@elastic/elasticsearch';
import type { SearchDocument, SearchEntry } from '../../application/ports/search-index.ts';
import { tokensOf } from '../../domain/catalog/search-words.ts';
import { fold } from '../../domain/shared/text.ts';

/** `text` is looked through for parts of words, `stems` is the same by its English stems, `words` is compared for typos. */
export const MAPPINGS: estypes.MappingTypeMapping = {
  dynamic: false,
  properties: {
    id: { type: 'keyword' },
    gone: { type: 'boolean' },
    sort_name: { type: 'keyword', fields: { parts: { type: 'wildcard' } } },
    text: { type: 'wildcard' },
    stems: { type: 'text', analyzer: 'english' },
    words: { type: 'keyword' },
    category_id: { type: 'keyword' },
    price: { type: 'long' },
    in_stock: { type: 'boolean' },
    created_at: { type: 'date' },
    document: { type: 'object', enabled: false },
  },
};

/** A document as JSON keeps it. */
export type StoredDocument = Omit<SearchDocument, 'createdAt'> & { readonly createdAt: string };

export interface Source {
  readonly document: StoredDocument;
}

export const documentOf = ({ createdAt, ...document }: StoredDocument): SearchDocument => ({
  ...document,
  createdAt: new Date(createdAt),
});

/** What is gone stays as a note of its version, so that nothing older comes back. */
export function sourceOf({ id, document }: SearchEntry): object {
  if (!document) return { id, gone: true };
  const text = [document.name, document.vendor, ...document.tags, ...document.skus].map(fold).join('\n');
  return {
    id,
    gone: false,
    sort_name: fold(document.name),
    text,
    stems: text,
    words: tokensOf(text),
    category_id: document.categoryId,
    price: document.price,
    in_stock: document.inStock,
    created_at: document.createdAt.toISOString(),
    document,
  };
}
