import type { Page, PageRequest } from '../../application/ports/paging.ts';

/** Turns keyset pages until there are none left. @throws when that takes more than 50 */
export async function allPages<Item>(
  ask: (request: PageRequest) => Promise<Page<Item>>,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let page = await ask({ limit });
  for (let turned = 1; ; turned += 1) {
    items.push(...page.items);
    if (!page.next) return items;
    if (turned > 50) throw new Error('These pages have no end.');
    page = await ask({ limit, after: page.next });
  }
}
