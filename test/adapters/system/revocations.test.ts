import { expect } from 'chai';
import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import { AnnouncingUnitOfWork } from '../../../adapters/system/announcing-unit-of-work.ts';
import { RememberedRevocations } from '../../../adapters/system/remembered-revocations.ts';
import type { IssuedAccessToken, Revocations } from '../../../application/ports/revoked-tokens.ts';
import { requireOutsideUnitOfWork } from '../../../application/transaction-boundary.ts';
import { nextId, NOON } from '../../support/builders.ts';
import { rejectionOf } from '../../support/waiting.ts';

const aToken = (seconds = 900): IssuedAccessToken => ({
  issuer: 'pannier',
  id: nextId(),
  issuedAt: NOON,
  expiresAt: new Date(NOON.getTime() + seconds * 1000),
});

describe('Revoked tokens that are remembered in the process', () => {
  const asking = (most: number) => {
    const asked: string[] = [];
    const truth = {
      isRevoked: async ({ id }: IssuedAccessToken) => {
        asked.push(id);
        return true;
      },
    };
    const clock = { at: NOON, now: () => clock.at };
    return { asked, clock, remembered: new RememberedRevocations({ truth, clock, most }) };
  };

  it('are asked about once', async () => {
    const { asked, remembered } = asking(10);
    const token = aToken();
    expect([await remembered.isRevoked(token), await remembered.isRevoked(token)]).to.deep.equal([true, true]);
    expect(await remembered.isRevoked({ ...token, issuer: 'another shop' })).to.equal(true);
    expect(asked).to.deep.equal([token.id, token.id]);
  });

  it('are asked about again and again while they are good', async () => {
    let revoked = false;
    const truth = { isRevoked: () => Promise.resolve(revoked) };
    const remembered = new RememberedRevocations({ truth, clock: { now: () => NOON } });
    const token = aToken();
    expect(await remembered.isRevoked(token)).to.equal(false);
    revoked = true;
    expect(await remembered.isRevoked(token)).to.equal(true);
  });

  it('are forgotten when they are too many, the oldest first, and when they have ended', async () => {
    const { asked, clock, remembered } = asking(2);
    const [first, second, third] = [aToken(), aToken(), aToken()];
    for (const token of [first, second, third, third, second, first]) await remembered.isRevoked(token);
    expect(asked).to.deep.equal([first.id, second.id, third.id, first.id]);
    clock.at = new Date(NOON.getTime() + 900_000);
    const fourth = aToken(1800);
    await remembered.isRevoked(fourth);
    await remembered.isRevoked(first);
    expect(asked.slice(4)).to.deep.equal([fourth.id, first.id]);
  });
});

describe('A unit of work that announces what it has revoked', () => {
  const open = () => {
    const { unitOfWork, tokenRevocations } = createInMemoryStore({ clock: { now: () => NOON } });
    const heard: Revocations[] = [];
    const listener = {
      heard: async (revocations: Revocations) => {
        requireOutsideUnitOfWork('The listener');
        for (const token of revocations.tokens)
          expect(await tokenRevocations.isRevoked({ ...token, issuedAt: NOON })).to.equal(true);
        heard.push(revocations);
      },
    };
    return { heard, announcing: new AnnouncingUnitOfWork({ unitOfWork, listener }) };
  };

  it('does so once it is committed', async () => {
    const { heard, announcing } = open();
    const [one, two] = [aToken(), aToken()];
    await announcing.run(async ({ revokedTokens, sessionCutoff }) => {
      await revokedTokens.add([one]);
      await revokedTokens.add([two]);
      await sessionCutoff.raise(NOON);
      expect(await sessionCutoff.find()).to.deep.equal(NOON);
    });
    expect(heard).to.deep.equal([{ tokens: [one, two], cutoff: NOON }]);
  });

  it('says nothing of what came to nothing, and nothing at all when there is nothing to say', async () => {
    const { heard, announcing } = open();
    const failing = announcing.run(async ({ revokedTokens }) => {
      await revokedTokens.add([aToken()]);
      throw new Error('no');
    });
    await rejectionOf(failing);
    expect(await announcing.run(async () => 'done')).to.equal('done');
    expect(heard).to.deep.equal([]);
  });
});
