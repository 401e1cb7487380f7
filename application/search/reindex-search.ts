import type { CatalogQueries } from '../ports/catalog-queries.ts';
import type { SearchDocument, SearchIndex } from '../ports/search-index.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { searchDocumentOf } from './search-document.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly catalog: CatalogQueries;
  readonly index: SearchIndex;
}

const BATCH = 500;

/** Fills the search index anew from the store, while it is searched as it was. Killed, it can be done again. */
export class ReindexSearch {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Resolves to how many products can be found. */
  async execute({ onProgress }: { onProgress: (products: number) => void }): Promise<number> {
    const { unitOfWork, catalog, index } = this.#ports;
    const start = await unitOfWork.run(({ searchChanges }) => searchChanges.now());
    let written = 0;
    async function* batches(): AsyncIterable<readonly SearchDocument[]> {
      let batch: SearchDocument[] = [];
      for await (const product of catalog.all()) {
        const document = searchDocumentOf(product);
        if (document) batch.push(document);
        if (batch.length < BATCH) continue;
        yield batch;
        onProgress((written += batch.length));
        batch = [];
      }
      if (batch.length > 0) yield batch;
      written += batch.length;
    }
    await index.rebuild(batches());
    // Of what has changed meanwhile only the old index may have been told.
    await unitOfWork.run(({ searchChanges }) => searchChanges.noteAgain(start));
    return written;
  }
}
