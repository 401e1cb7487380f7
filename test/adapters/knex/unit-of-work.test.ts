import { expect } from 'chai';

import type { Collections } from '../../../application/ports/unit-of-work.ts';
import { Unavailable } from '../../../application/ports/unit-of-work.ts';
import { connect } from '../../../adapters/knex/connect.ts';
import { createKnexStore } from '../../../adapters/knex/store.ts';
import { ACT, aUser, NOON, variantOf } from '../../support/builders.ts';
import { embeddedPostgres } from '../../support/postgres.ts';
import { addProduct } from '../../support/stocking.ts';
import { aGate, rejectionOf } from '../../support/waiting.ts';
import { CIPHER, type KnexDatabase, openDatabase } from './knex-database.ts';

const A_TOKEN = { issuer: 'pannier', id: 'a-token', expiresAt: NOON };

describe('a unit of work in Postgres', () => {
  let database: KnexDatabase;

  before(async () => {
    database = await openDatabase(embeddedPostgres);
    await database.knex.raw(TROUBLE_BY_HASH);
  });

  after(() => database.close());

  const run = <Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> =>
    database.store.unitOfWork.run(work);

  /** Saves a user whose password hash says what the database shall fail with; counts how often that was tried. */
  async function failingWith(trouble: string): Promise<{ error: unknown; tries: number }> {
    let tries = 0;
    const error = await rejectionOf(
      run(async ({ users }) => {
        tries += 1;
        await users.save(aUser({ passwordHash: trouble }));
      }),
    );
    return { error, tries };
  }

  it('does the work again when two lock each other out, and both get through', async () => {
    const variants = [variantOf(await addProduct(run)), variantOf(await addProduct(run))];
    const firstHasOne = aGate();
    const secondHasOne = aGate();
    let tries = 0;
    const takeBoth = (order: typeof variants, mine: typeof firstHasOne, theirs: typeof firstHasOne): Promise<void> =>
      run(async ({ stock }) => {
        tries += 1;
        for (const variantId of order) {
          const [item] = await stock.find([variantId]);
          mine.open();
          await theirs.opened;
          item!.adjust(1, 'delivered', ACT);
          await stock.save([item!]);
        }
      });
    await Promise.all([
      takeBoth(variants, firstHasOne, secondHasOne),
      takeBoth(variants.toReversed(), secondHasOne, firstHasOne),
    ]);
    expect(tries).to.equal(3);
    for (const variantId of variants) expect((await database.store.inventory.find(variantId))?.onHand).to.equal(102);
  });

  for (const code of ['40001', '40P01', '55P03'])
    it(`gives up after three conflicts (${code}) and says that the store is busy`, async () => {
      const { error, tries } = await failingWith(code);
      expect(error).to.be.instanceOf(Unavailable);
      expect(tries).to.equal(3);
    });

  for (const code of ['57014', '57P01', '57P03', '08006', '53300'])
    it(`does not try again when the database cannot answer (${code})`, async () => {
      const { error, tries } = await failingWith(code);
      expect(error).to.be.instanceOf(Unavailable);
      expect(tries).to.equal(1);
    });

  it('lets every other failure fly, at once and as it is', async () => {
    const { error, tries } = await failingWith('22012');
    expect(error).to.have.property('code', '22012');
    expect(tries).to.equal(1);
  });

  it('fails when the work has swallowed a failure, instead of keeping nothing and saying nothing', async () => {
    const user = aUser();
    const swallowing = run(async ({ users }) => {
      await users.save(user);
      await users.save(aUser({ passwordHash: '22012' })).catch(() => undefined);
    });
    expect(await rejectionOf(swallowing)).to.have.property('code', '22012');
    expect(await database.store.users.find(user.snapshot().id)).to.equal(undefined);
  });

  it('cannot be written to when it is over', async () => {
    let kept: Collections | undefined;
    await run(async collections => {
      kept = collections;
    });
    expect(await rejectionOf(kept!.users.save(aUser())))
      .to.have.property('message')
      .that.includes('over');
  });

  it('waits for what the work has begun and not awaited', async () => {
    await run(async ({ revokedTokens }) => {
      void revokedTokens.add([A_TOKEN]);
    });
    expect(await database.store.tokenRevocations.isRevoked({ ...A_TOKEN, issuedAt: NOON })).to.equal(true);
  });

  it('says that it cannot be known when the connection is lost in the middle, and works again afterwards', async () => {
    const lost = run(async ({ users }) => {
      await users.save(aUser());
      await database.knex.raw(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'`,
      );
      await users.save(aUser());
    });
    expect(await rejectionOf(lost)).to.be.instanceOf(Unavailable);
    expect(await run(async () => 'done')).to.equal('done');
  });

  it('says that it cannot be known when the connection is lost during the commit', async () => {
    const { error, tries } = await failingWith('lost at commit');
    expect(error).to.be.instanceOf(Unavailable);
    expect(tries).to.equal(1);
    expect(await run(async () => 'done')).to.equal('done');
  });

  it('tells who claims a key that it is busy, when its holder takes longer than a lock is waited for', async () => {
    const claim = { owner: 'user-1', key: 'key-1', fingerprint: 'same', requestId: 'request-1' };
    const waited = aGate();
    const held = aGate();
    const holding = run(async ({ idempotency }) => {
      await idempotency.claim(claim, 30);
      held.open();
      await waited.opened;
    });
    await held.opened;
    const answers = await run(async ({ idempotency, users }) => {
      const first = await idempotency.claim(claim, 30);
      const user = aUser();
      await users.save(user);
      return [first, await idempotency.claim(claim, 30), (await users.find(user.snapshot().id))?.snapshot().id];
    });
    waited.open();
    await holding;
    expect(answers.slice(0, 2)).to.deep.equal([{ kind: 'in-progress' }, { kind: 'in-progress' }]);
    expect(answers[2]).to.be.a('string');
  });

  it('gives the connection back without any setting of its own', async () => {
    const { knex, store } = database.another({ pool: { max: 1 } });
    await store.unitOfWork.run(({ users }) => users.save(aUser()));
    const { rows } = await knex.raw<{ rows: object[] }>(
      `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement`,
    );
    expect(rows).to.deep.equal([{ lock: '0', statement: '0' }]);
  });

  it('says that the store is busy when no connection gets free', async () => {
    const { store } = database.another({ pool: { max: 1, patienceMs: 50 } });
    await store.ping(); // Now the connection is there, however long it took to make.
    const enough = aGate();
    const hogging = store.unitOfWork.run(() => enough.opened);
    const asking = [store.unitOfWork.run(async () => 'done'), store.ping(), store.catalog.categories()];
    for (const error of await Promise.all(asking.map(rejectionOf))) expect(error).to.be.instanceOf(Unavailable);
    enough.open();
    await hogging;
    expect(await store.unitOfWork.run(async () => 'done')).to.equal('done');
  });
});

describe('a store whose Postgres is gone', () => {
  for (const connection of [{ host: '127.0.0.1', port: 1 }, { host: '/nowhere' }, 'postgres://nowhere.invalid/shop'])
    it(`says so to everyone (${typeof connection === 'string' ? connection : connection.host})`, async () => {
      const knex = connect({ connection });
      const store = createKnexStore(knex, { clock: { now: () => NOON }, cipher: CIPHER });
      for (const asking of [store.unitOfWork.run(async () => 'done'), store.ping(), store.catalog.categories()])
        expect(await rejectionOf(asking)).to.be.instanceOf(Unavailable);
      await knex.destroy();
    });
});

/** A user's password hash that is an SQLSTATE makes saving fail with it. */
const TROUBLE_BY_HASH = `
  CREATE FUNCTION make_trouble() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.password_hash = 'lost at commit' THEN
      PERFORM pg_terminate_backend(pg_backend_pid());
    ELSIF NEW.password_hash ~ '^[0-9A-Z]{5}$' THEN
      RAISE EXCEPTION 'trouble' USING ERRCODE = NEW.password_hash;
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER trouble AFTER INSERT ON users FOR EACH ROW WHEN (NEW.password_hash <> 'lost at commit')
    EXECUTE FUNCTION make_trouble();
  CREATE CONSTRAINT TRIGGER trouble_later AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.password_hash = 'lost at commit') EXECUTE FUNCTION make_trouble();
`;
