import { expect } from 'chai';

import { Sequence } from '../../../adapters/in-memory/sequence.ts';
import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import type { Users } from '../../../application/ports/users.ts';
import { aUser, NOON } from '../../support/builders.ts';
import { aMoment, rejectionOf, times } from '../../support/waiting.ts';

/** A clock that only moves when it is told to. */
function aClock() {
  let now = NOON.getTime();
  return { now: () => new Date(now), move: (milliseconds: number) => (now += milliseconds) };
}

describe('the unit of work in memory', () => {
  it('serves everybody in the order of asking, one at a time', async () => {
    const { unitOfWork } = createInMemoryStore({ clock: aClock() });
    const said: string[] = [];
    const visits = times(5, visitor =>
      unitOfWork.run(async () => {
        said.push(`${visitor} in`);
        await aMoment();
        said.push(`${visitor} out`);
      }),
    );
    await Promise.all(visits);
    expect(said).to.deep.equal(times(5, visitor => [`${visitor} in`, `${visitor} out`]).flat());
  });

  it('cannot be written to by somebody who kept its collections for later', async () => {
    const store = createInMemoryStore({ clock: aClock() });
    const kept = await store.unitOfWork.run(async ({ users }): Promise<{ users: Users }> => ({ users }));
    const user = aUser();
    expect(await rejectionOf(kept.users.save(user))).to.be.instanceOf(Error);
    expect(await rejectionOf(kept.users.find(user.snapshot().id))).to.be.instanceOf(Error);
    expect(await store.users.find(user.snapshot().id)).to.equal(undefined);
  });

  it('hands out rows that nobody can change in place', async () => {
    const store = createInMemoryStore({ clock: aClock() });
    const user = aUser({ name: 'Ada' });
    await store.unitOfWork.run(({ users }) => users.save(user));
    const found = (await store.users.find(user.snapshot().id))!;
    expect(() => Object.assign(found, { name: 'Eve' })).to.throw(TypeError);
    expect((await store.users.find(found.id))?.name).to.equal('Ada');
  });

  it('ends leases by the clock that it is given', async () => {
    const clock = aClock();
    const { unitOfWork } = createInMemoryStore({ clock });
    const claim = () =>
      unitOfWork.run(({ idempotency }) =>
        idempotency.claim({ owner: 'user:ada', key: 'key-1', fingerprint: 'f', requestId: 'r' }, 30),
      );
    const kinds = [(await claim()).kind];
    for (const milliseconds of [29_999, 1, 29_999]) {
      clock.move(milliseconds);
      kinds.push((await claim()).kind);
    }
    expect(kinds).to.deep.equal(['claimed', 'in-progress', 'claimed', 'in-progress']);
  });

  it('makes ids that grow, even when the clock is set back', () => {
    const clock = aClock();
    const sequence = new Sequence(clock);
    const ids = [0, 0, 5, -3_600_000, 0, 7_200_000].map(milliseconds => {
      clock.move(milliseconds);
      return sequence.next();
    });
    expect(ids).to.deep.equal(ids.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(ids).size).to.equal(ids.length);
    for (const id of ids) expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
