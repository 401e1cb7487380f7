import { sha256 } from '../adapters/security/sha256.ts';
import { SystemClock } from '../adapters/system/system-clock.ts';
import type { SearchIndex } from '../application/ports/search-index.ts';
import type { Store } from '../application/ports/store.ts';
import { ReindexSearch } from '../application/search/reindex-search.ts';
import { VerifySearch } from '../application/search/verify-search.ts';
import { explain } from './explain.ts';
import { openSearch } from './open-search.ts';
import { openSecrets } from './open-secrets.ts';
import { openStore } from './open-store.ts';
import { parseSettings } from './settings.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const progress = (message: string) => say(`  … ${message}`);

/** More than this need not be named one by one. */
const MOST_NAMED = 100;

async function reindex({ unitOfWork, catalog }: Store, index: SearchIndex): Promise<void> {
  const use = new ReindexSearch({ unitOfWork, catalog, index });
  const products = await use.execute({ onProgress: written => progress(`${written} products are written`) });
  say(`The search index is new: ${products} products can be found`);
}

async function verify({ catalog }: Store, index: SearchIndex): Promise<void> {
  const { products, differences } = await new VerifySearch({ catalog, index, sha256 }).execute();
  if (differences.length === 0) return say(`The search index is right: ${products} products`);
  for (const { id, problem } of differences.slice(0, MOST_NAMED)) say(`${id} ${problem}`);
  say(`The search index is wrong about ${differences.length} of ${products} products`);
  process.exitCode = 1;
}

try {
  const settings = parseSettings(process.env);
  const opened = await openStore(settings, { clock: new SystemClock(), secrets: openSecrets(settings), progress });
  const search = await openSearch(settings);
  try {
    const act = process.argv[2] === 'reindex' ? reindex : verify;
    await act(opened.store, search ?? opened.store.searchIndex);
  } finally {
    await search?.close();
    await opened.close();
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
