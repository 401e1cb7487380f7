import { InMemorySearchIndex } from '../../../adapters/in-memory/search-index.ts';
import type { SearchDocument } from '../../../application/ports/search-index.ts';
import { type SearchIndexHarness, searchIndexContract } from '../../contracts/search-index.contract.ts';

async function* nothing(): AsyncIterable<readonly SearchDocument[]> {}

export const inMemorySearchIndex: SearchIndexHarness = {
  name: 'in-memory',
  open: () => {
    const index = new InMemorySearchIndex();
    return Promise.resolve({ index, clear: () => index.rebuild(nothing()), close: () => Promise.resolve() });
  },
};

searchIndexContract(inMemorySearchIndex);
