import { expect } from 'chai';

import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import { EraseAccount } from '../../../application/identity/erase-account.ts';
import { OneTimeToken } from '../../../domain/identity/one-time-token.ts';
import { NOON } from '../../support/builders.ts';
import { addUserId } from '../../support/stocking.ts';

describe('whoever erases their account', () => {
  it('leaves no token behind that was sent to them by mail', async () => {
    const clock = { now: () => NOON };
    const { unitOfWork } = createInMemoryStore({ clock });
    const userId = await addUserId(work => unitOfWork.run(work));
    const token = OneTimeToken.issue({ tokenHash: 'hash', userId, purpose: 'password-reset' }, NOON);
    await unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.save(token));
    await new EraseAccount({ unitOfWork, clock }).execute({ userId });
    expect(await unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.find('hash'))).to.equal(undefined);
  });
});
