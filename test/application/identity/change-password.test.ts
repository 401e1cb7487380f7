import { expect } from 'chai';
import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import { ChangePassword } from '../../../application/identity/change-password.ts';
import type { PasswordHasher } from '../../../application/ports/password-hasher.ts';
import type { User } from '../../../domain/identity/user.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { actAt, nextId, NOON } from '../../support/builders.ts';
import { addUser } from '../../support/stocking.ts';
import { rejectionOf } from '../../support/waiting.ts';

/** Somebody changes the account in the very moment in which the current password is looked at, and found right. */
async function changedWhile(meanwhile: (user: User) => void) {
  const store = createInMemoryStore({ clock: { now: () => NOON } });
  const run = store.unitOfWork.run.bind(store.unitOfWork);
  const { id } = (await addUser(run)).snapshot();
  const passwords: PasswordHasher = {
    hash: () => Promise.resolve('hash of the thief'),
    verify: async () => {
      await run(async ({ users }) => {
        const user = (await users.find(id))!;
        meanwhile(user);
        await users.save(user);
      });
      return true;
    },
    verifyNothing: () => Promise.resolve(false),
    isOutdated: () => false,
  };
  const guess = { isLast: false, right: () => Promise.resolve(), void: () => Promise.resolve() };
  const changePassword = new ChangePassword({
    unitOfWork: store.unitOfWork,
    users: store.users,
    passwords,
    choosePassword: { hash: () => passwords.hash('') } as never,
    guessing: { take: (_: unknown, look: (given: typeof guess) => Promise<unknown>) => look(guess) } as never,
    clock: { now: () => NOON },
  });
  const command = { userId: id, currentPassword: 'x', newPassword: 'y', accessTokenId: 'z', network: 'here' };
  const refusal = await rejectionOf(changePassword.execute(command));
  return { refusal, after: await store.users.find(id) };
}

describe('Changing a password', () => {
  it('gives way to a reset that came in between', async () => {
    const { refusal, after } = await changedWhile(user => user.setPassword('hash of the owner', actAt(1)));
    expect(refusal).to.have.property('code', 'INVALID_CREDENTIALS');
    expect(after?.passwordHash).to.equal('hash of the owner');
  });

  it('is not for an account that was shut in between', async () => {
    const keeper = UserId(nextId());
    const { refusal, after } = await changedWhile(user => user.administer({ disabled: true }, actAt(1, keeper)));
    expect(refusal).to.have.property('code', 'INVALID_CREDENTIALS');
    expect(after?.passwordHash).not.to.equal('hash of the thief');
  });

  it('is not for a session that has ended in between', async () => {
    const { refusal } = await changedWhile(() => {});
    expect(refusal).to.have.property('code', 'TOKEN_REVOKED');
  });
});
