import { expect } from 'chai';
import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import { type Origin, withOrigin } from '../../../application/audit/origin.ts';
import type { AuditEntry } from '../../../application/audit/sealed-entry.ts';
import { WatchedUnitOfWork } from '../../../application/audit/watched-unit-of-work.ts';
import type { UnitOfWork } from '../../../application/ports/unit-of-work.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { actAt, nextId, NOON, usd, variantOf } from '../../support/builders.ts';
import { addProduct, addUser } from '../../support/stocking.ts';
import { rejectionOf } from '../../support/waiting.ts';

const STAFF = UserId(nextId());

function aShop() {
  const store = createInMemoryStore({ clock: { now: () => NOON } });
  const logged = async (): Promise<readonly AuditEntry[]> =>
    (await store.auditLog.list({}, { limit: 100 })).items.toReversed();
  return { store, run: store.unitOfWork.run.bind(store.unitOfWork), logged };
}

const anOrigin = (): Origin => ({ userId: STAFF, act: { name: 'anAct', told: false } });

describe('The watched unit of work', () => {
  it('tells an act of two units of work once where only the first changed something', async () => {
    const { store, run, logged } = aShop();
    const user = await addUser(run);
    const { id } = user.snapshot();
    const watched = new WatchedUnitOfWork(store.unitOfWork);
    await withOrigin(anOrigin(), async () => {
      await watched.run(async ({ users }) => {
        const found = (await users.find(id))!;
        found.administer({ disabled: true }, actAt(1, STAFF));
        await users.save(found);
      });
      await watched.run(async ({ users }) => void (await users.find(id)));
    });
    const entries = await logged();
    expect(entries).to.have.length(1);
    expect(entries[0]).to.deep.include({
      action: 'anAct',
      actorId: STAFF,
      subject: { type: 'user', id },
      before: { disabled: false },
      after: { disabled: true },
    });
  });

  it('tells nothing of an attempt that was run again', async () => {
    const { store, run, logged } = aShop();
    const product = await addProduct(run);
    const conflict = new Error('conflict');
    const twice: UnitOfWork = {
      run: async work => {
        const lost = store.unitOfWork.run(async collections => {
          await work(collections);
          throw conflict;
        });
        expect(await rejectionOf(lost)).to.equal(conflict);
        return store.unitOfWork.run(work);
      },
    };
    const watched = new WatchedUnitOfWork(twice);
    await withOrigin(anOrigin(), () =>
      watched.run(async ({ products }) => {
        const found = (await products.find(product.snapshot().id))!;
        found.changeVariant(variantOf(found), { price: usd(1) }, actAt(1, STAFF));
        await products.save([found]);
      }),
    );
    expect((await logged()).map(({ subject }) => subject)).to.deep.equal([
      { type: 'product', id: product.snapshot().id },
    ]);
  });

  it('leaves it to the use case where that tells by itself', async () => {
    const { store, run, logged } = aShop();
    const { id } = (await addUser(run)).snapshot();
    const watched = new WatchedUnitOfWork(store.unitOfWork);
    await withOrigin(anOrigin(), () =>
      watched.run(async ({ users, audit }) => {
        const found = (await users.find(id))!;
        found.administer({ disabled: true }, actAt(1, STAFF));
        await users.save(found);
        audit.add({ action: 'user.locked-out', outcome: 'done', subject: { type: 'user', id } });
      }),
    );
    expect((await logged()).map(({ action }) => action)).to.deep.equal(['user.locked-out']);
  });

  it('looks at nobody who needs no permission', async () => {
    const { store, run, logged } = aShop();
    const watched = new WatchedUnitOfWork(store.unitOfWork);
    await withOrigin({ userId: STAFF }, () => addUser(watched.run.bind(watched)));
    await addUser(run);
    expect(await logged()).to.deep.equal([]);
  });
});
