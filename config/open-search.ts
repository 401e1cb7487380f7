import type { Settings } from './settings.ts';

/** Undefined: none is set up, so the store searches. The client is loaded only where it is needed. */
export async function openSearch({ search: { url, timeoutMs } }: Settings) {
  if (!url) return undefined;
  const { ElasticSearchIndex } = await import('../adapters/elasticsearch/elastic-search-index.ts');
  return new ElasticSearchIndex({ url, timeoutMs });
}
