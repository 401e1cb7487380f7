import type { ProductId } from '../../domain/shared/ids.ts';
import type { CatalogQueries } from '../ports/catalog-queries.ts';
import type { SearchDocument, SearchIndex } from '../ports/search-index.ts';
import { searchDocumentOf } from './search-document.ts';

interface Ports {
  readonly catalog: CatalogQueries;
  readonly index: SearchIndex;
  readonly sha256: (text: string) => string;
}

export interface SearchDifference {
  readonly id: ProductId;
  readonly problem: 'is missing in the index' | 'is in the index, but not in the shop' | 'differs';
}

export interface SearchVerdict {
  readonly products: number;
  readonly differences: readonly SearchDifference[];
}

/** Compares what the search index knows of each product with what the store says, by checksum. */
export class VerifySearch {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(): Promise<SearchVerdict> {
    const { catalog, index } = this.#ports;
    const expected = new Map<ProductId, string>();
    for await (const product of catalog.all()) {
      const document = searchDocumentOf(product);
      if (document) expected.set(document.id, this.#checksum(document));
    }
    const products = expected.size;
    const differences: SearchDifference[] = [];
    for await (const document of index.documents()) {
      const checksum = expected.get(document.id);
      if (checksum === undefined)
        differences.push({ id: document.id, problem: 'is in the index, but not in the shop' });
      else if (checksum !== this.#checksum(document)) differences.push({ id: document.id, problem: 'differs' });
      expected.delete(document.id);
    }
    for (const id of expected.keys()) differences.push({ id, problem: 'is missing in the index' });
    return { products, differences };
  }

  #checksum({ id, name, vendor, tags, skus, categoryId, price, inStock, createdAt }: SearchDocument): string {
    return this.#ports.sha256(
      JSON.stringify([id, name, vendor, tags, skus, categoryId, price, inStock, createdAt.toISOString()]),
    );
  }
}
