import { expect } from 'chai';

import { SecondFactor } from '../../domain/identity/second-factor.ts';
import { UserId } from '../../domain/shared/ids.ts';
import { actAt, nextId } from '../support/builders.ts';
import { addUserId, type Run } from '../support/stocking.ts';
import { aMoment, rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const enrol = async (run: Run, userId: UserId): Promise<SecondFactor> => {
  const factor = SecondFactor.enrol({ userId, secret: SECRET });
  await run(({ secondFactors }) => secondFactors.save(factor));
  return factor;
};

const confirmed = async (run: Run, userId: UserId): Promise<SecondFactor> => {
  const factor = await enrol(run, userId);
  factor.confirm({ step: 59_000_000, recoveryHashes: ['one', 'two'] }, actAt(60).at);
  await run(({ secondFactors }) => secondFactors.save(factor));
  return factor;
};

const find = (run: Run, userId: UserId) => run(({ secondFactors }) => secondFactors.find(userId));

export function secondFactorsContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'second factors', it => {
    it('are given back exactly as they were saved, before and after they are confirmed', async ({ run }) => {
      const userId = await addUserId(run);
      expect((await enrol(run, userId)).snapshot()).to.deep.equal((await find(run, userId))?.snapshot());
      const factor = await confirmed(run, userId);
      expect((await find(run, userId))?.snapshot()).to.deep.equal(factor.snapshot());
      expect(await find(run, await addUserId(run))).to.equal(undefined);
    });

    it('are on from when they are confirmed until they are removed', async ({ run, store }) => {
      const userId = await addUserId(run);
      const isOn = () => store.secondFactors.isOn(userId);
      const seen = [await isOn()];
      await enrol(run, userId);
      seen.push(await isOn());
      await confirmed(run, userId);
      seen.push(await isOn());
      await run(({ secondFactors }) => secondFactors.remove(userId));
      await run(({ secondFactors }) => secondFactors.remove(userId));
      seen.push(await isOn());
      expect(seen).to.deep.equal([false, false, true, false]);
      expect(await find(run, userId)).to.equal(undefined);
    });

    it('take a code of one of ten who send the same at once', async ({ run }) => {
      const userId = await addUserId(run);
      await confirmed(run, userId);
      const take = (): Promise<boolean> =>
        run(async ({ secondFactors }) => {
          const factor = (await secondFactors.find(userId))!;
          await aMoment();
          const taken = factor.takeStep(59_000_001) && factor.takeRecoveryCode('one');
          await secondFactors.save(factor);
          return taken;
        });
      expect((await Promise.all(times(10, take))).filter(Boolean)).to.have.length(1);
      expect((await find(run, userId))?.snapshot()).to.deep.include({ lastStep: 59_000_001, recoveryHashes: ['two'] });
    });

    it('belong to a user who exists', async ({ run }) => {
      expect(await rejectionOf(enrol(run, UserId(nextId())))).to.be.instanceOf(Error);
    });
  });
}
