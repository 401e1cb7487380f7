import { expect } from 'chai';

import { Database } from '../../../adapters/knex/connection.ts';
import { KnexGatewayNotices } from '../../../adapters/knex/gateway-notices.ts';
import { KnexHousekeeping } from '../../../adapters/knex/housekeeping.ts';
import { KnexLedgers } from '../../../adapters/knex/ledgers.ts';
import { KnexOrderWork } from '../../../adapters/knex/order-work.ts';
import { KnexOrders } from '../../../adapters/knex/orders.ts';
import { KnexOutboxDelivery } from '../../../adapters/knex/outbox.ts';
import { type Query, sql } from '../../../adapters/knex/sql.ts';
import { OrderId } from '../../../domain/shared/ids.ts';
import { embeddedPostgres } from '../../support/postgres.ts';
import { type KnexDatabase, openDatabase } from './knex-database.ts';

const FINISHED = 40_000;
const UNFINISHED = 200;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

/** What workers do every second must cost the same after a million orders as after the first. */
describe(`among ${FINISHED} orders that are done with and ${UNFINISHED} that are not`, function () {
  let database: KnexDatabase;
  let plans: Plan[];

  /** Explains each statement instead of answering it. */
  const explain: Query = async <Row>(statement: Parameters<Query>[0]): Promise<Row[]> => {
    const explained = sql`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`;
    const rows = await new Database(database.knex).query<{ 'QUERY PLAN': { Plan: Plan }[] }>(explained);
    plans.push(rows[0]!['QUERY PLAN'][0]!.Plan);
    return [{ rows: 0 } as Row];
  };

  before(async function () {
    this.timeout(60_000);
    database = await openDatabase(embeddedPostgres);
    await database.knex.raw(HISTORY);
    await database.knex.raw('ANALYZE');
  });

  after(() => database.close());

  beforeEach(() => {
    plans = [];
  });

  const WORK: Record<string, (query: Query) => Promise<unknown>> = {
    'claiming due orders': query => new KnexOrders({ query, write: () => undefined }).claimDue(50),
    'finding overdue orders': query => new KnexOrderWork(query).overdue(50),
    'finding orders that were cancelled lately': query =>
      new KnexOrderWork(query).cancelledSince(48 * 3600, OrderId('00000000-0000-7000-8000-000000000000'), 100),
    'claiming events': query => new KnexOutboxDelivery(query).claim(100, 30),
    'claiming notices': query => new KnexGatewayNotices(query).claim(50, 30),
    'throwing away what is old': query => new KnexHousekeeping(query).reap(1000),
    'counting the backlog': query => new KnexLedgers(query).backlog().catch(() => undefined),
  };

  for (const [title, work] of Object.entries(WORK))
    it(`${title} reads no table as a whole`, async () => {
      await work(explain);
      expect(plans).to.not.deep.equal([]);
      for (const plan of plans) {
        expect(nodesOf(plan).filter(node => node['Node Type'] === 'Seq Scan')).to.deep.equal([]);
        expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).to.be.below(20 * UNFINISHED);
      }
    });
});

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Without triggers, which would check each row against rows that are not there. */
const HISTORY = `
  SET session_replication_role = replica;
  INSERT INTO orders (id, number, cart_id, state, saga, item_count, items_total, discount_total, shipping_total, tax_total,
                      total, currency, shipping_address, expires_at, unsettled_since, next_attempt_at, saved_at,
                      created_at, updated_at, version)
  SELECT ('019cae1f-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n, gen_random_uuid(),
         CASE WHEN n <= ${UNFINISHED} THEN 'PENDING' WHEN n % 10 = 0 THEN 'CANCELLED' ELSE 'PAID' END,
         CASE WHEN n <= ${UNFINISHED} THEN 'RESERVED' WHEN n % 10 = 0 THEN 'CANCELLED' ELSE 'PAID' END,
         1, 100, 0, 0, 0, 100, 'USD', '{}', now() - interval '1 minute',
         CASE WHEN n <= ${UNFINISHED} THEN now() END, CASE WHEN n <= ${UNFINISHED} THEN now() END,
         now() - n * interval '20 minutes', now(), now(), 1
    FROM generate_series(1, ${FINISHED + UNFINISHED}) AS n;
  INSERT INTO outbox (id, aggregate_type, aggregate_id, aggregate_version, type, payload, created_at, published_at)
  SELECT gen_random_uuid(), 'order', gen_random_uuid(), 1, 'order.paid', '{}', now(),
         CASE WHEN n > ${UNFINISHED} THEN now() END FROM generate_series(1, ${FINISHED + UNFINISHED}) AS n;
  INSERT INTO gateway_events (gateway, event_id, type, payload, processed_at)
  SELECT 'stripe', n, 'paid', '{}', CASE WHEN n > ${UNFINISHED} THEN now() END
    FROM generate_series(1, ${FINISHED + UNFINISHED}) AS n;
  INSERT INTO consumed_events (consumer, event_id)
  SELECT 'mail', gen_random_uuid() FROM generate_series(1, ${FINISHED});
  INSERT INTO idempotency_keys (owner, key, fingerprint, request_id, state, locked_until, response_code, response_body,
                                completed_at)
  SELECT 'user', n, '', '', 'COMPLETED', now(), 201, '', now() FROM generate_series(1, ${FINISHED}) AS n;
  INSERT INTO revoked_tokens (id, expires_at) SELECT n, now() + interval '1 hour' FROM generate_series(1, ${FINISHED}) AS n;
  RESET session_replication_role`;
