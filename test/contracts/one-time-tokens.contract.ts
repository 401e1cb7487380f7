import { expect } from 'chai';

import { OneTimeToken, type TokenPurpose } from '../../domain/identity/one-time-token.ts';
import { UserId } from '../../domain/shared/ids.ts';
import { actAt, nextId, NOON } from '../support/builders.ts';
import { addUserId, type Run } from '../support/stocking.ts';
import { aMoment, rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const addToken = async (
  run: Run,
  {
    userId,
    tokenHash = nextId(),
    purpose = 'password-reset',
  }: { userId: UserId; tokenHash?: string; purpose?: TokenPurpose },
): Promise<OneTimeToken> => {
  const token = OneTimeToken.issue({ tokenHash, userId, purpose }, NOON);
  await run(({ oneTimeTokens }) => oneTimeTokens.save(token));
  return token;
};

const find = (run: Run, tokenHash: string) => run(({ oneTimeTokens }) => oneTimeTokens.find(tokenHash));

export function oneTimeTokensContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'one-time tokens', it => {
    it('are given back exactly as they were saved, unused and used', async ({ run }) => {
      const token = await addToken(run, { userId: await addUserId(run), tokenHash: 'hash' });
      expect((await find(run, 'hash'))?.snapshot()).to.deep.equal(token.snapshot());
      token.spend(actAt(60).at);
      await run(({ oneTimeTokens }) => oneTimeTokens.save(token));
      expect((await find(run, 'hash'))?.snapshot()).to.deep.equal(token.snapshot());
      expect(await find(run, 'another hash')).to.equal(undefined);
    });

    it('are found by user and purpose as long as nobody has used them', async ({ run }) => {
      const [userId, stranger] = [await addUserId(run), await addUserId(run)];
      const [used, unused] = [await addToken(run, { userId }), await addToken(run, { userId })];
      await addToken(run, { userId, purpose: 'email-verification' });
      await addToken(run, { userId: stranger });
      used.spend(NOON);
      await run(({ oneTimeTokens }) => oneTimeTokens.save(used));
      const found = await run(({ oneTimeTokens }) => oneTimeTokens.findUnusedOf(userId, 'password-reset'));
      expect(found.map(token => token.snapshot())).to.deep.equal([unused.snapshot()]);
    });

    it('serve one of ten who present the same at once', async ({ run }) => {
      await addToken(run, { userId: await addUserId(run), tokenHash: 'hash' });
      const use = (): Promise<boolean> =>
        run(async ({ oneTimeTokens }) => {
          const token = (await oneTimeTokens.find('hash'))!;
          await aMoment();
          const good = token.isGoodFor('password-reset', NOON);
          token.spend(NOON);
          await oneTimeTokens.save(token);
          return good;
        });
      expect((await Promise.all(times(10, use))).filter(Boolean)).to.have.length(1);
    });

    it('belong to a user who exists', async ({ run }) => {
      expect(await rejectionOf(addToken(run, { userId: UserId(nextId()) }))).to.be.instanceOf(Error);
    });
  });
}
