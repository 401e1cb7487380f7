import type { CatalogQueries } from '../ports/catalog-queries.ts';
import type { SearchIndex } from '../ports/search-index.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { searchDocumentOf } from '../search/search-document.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly catalog: CatalogQueries;
  readonly index: SearchIndex;
}

const BATCH = 200;
const LEASE_SECONDS = 30;

/**
 * Tells the search index what has become of the products that were noted. What it tells was read after it was noted, so
 * the version of the note is that of the document; and what is not settled, because the index is away, is told later.
 */
export class SyncSearch implements Worker {
  readonly name = 'search';
  readonly everyMs = 500;
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async tick(): Promise<number> {
    const { unitOfWork, catalog, index } = this.#ports;
    const changes = await unitOfWork.run(({ searchChanges }) => searchChanges.claim(BATCH, LEASE_SECONDS));
    if (changes.length === 0) return 0;
    const products = await catalog.products(changes.map(({ productId }) => productId));
    const documents = new Map(products.map(product => [product.id, searchDocumentOf(product)]));
    await index.write(
      changes.map(({ productId: id, version }) => ({ id, version, document: documents.get(id) ?? null })),
    );
    await unitOfWork.run(({ searchChanges }) => searchChanges.settle(changes));
    return changes.length;
  }
}
