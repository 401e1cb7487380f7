import { Shop, type ShopOptions } from './shop.ts';

/** Where a suite has its shops from. */
export interface HttpHarness {
  readonly name: string;
  /** Names a store that is new and empty, and can be dropped when the shop on it has closed. */
  database(): Promise<{ readonly url: string; readonly migrationUrl?: string; drop(): Promise<void> }>;
}

/** What a suite is handed: one shop that all share, and more of them where they must be made otherwise. */
export interface Street {
  shop(): Promise<Shop>;
  /** Closed with the others, unless that was done before. */
  another(options: ShopOptions): Promise<Shop>;
}

export type ShopTest = (title: string, test: (shop: Shop, street: Street) => Promise<void>) => void;
export type Suite = (street: Street) => void;

/** A suite whose tests are handed the shop. */
export const shopSuite =
  (title: string, define: (it: ShopTest) => void): Suite =>
  street =>
    describe(title, () => define((sentence, test) => void it(sentence, async () => test(await street.shop(), street))));

/** Runs suites one after the other on shops of one kind of store. */
export function onHarness(harness: HttpHarness, suites: readonly Suite[]): void {
  const ends: (() => Promise<void>)[] = [];
  let shared: Promise<Shop> | undefined;
  const another = async (options: ShopOptions): Promise<Shop> => {
    const { url, migrationUrl, drop } = await harness.database();
    const environment = { ...(migrationUrl && { DATABASE_MIGRATION_URL: migrationUrl }), ...options.environment };
    const shop = await Shop.open(url, { ...options, environment });
    ends.push(async () => {
      await shop.close();
      await drop();
    });
    return shop;
  };
  const street: Street = { another, shop: () => (shared ??= another({})) };
  describe(`The shop over HTTP, ${harness.name}`, () => {
    after(async () => {
      for (const end of ends) await end();
    });
    for (const suite of suites) suite(street);
  });
}
