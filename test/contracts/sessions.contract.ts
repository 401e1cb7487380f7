import { expect } from 'chai';

import type { IssuedAccessToken } from '../../application/ports/revoked-tokens.ts';
import type { Session } from '../../domain/identity/session.ts';
import { UserId } from '../../domain/shared/ids.ts';
import { actAt, aSession, nextId } from '../support/builders.ts';
import { addUserId, type Run } from '../support/stocking.ts';
import { aMoment, rejectionOf } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const addSession = async (run: Run, facts: { userId: UserId; tokenHash: string; accessTokenId?: string }) => {
  const session = aSession(facts);
  await run(({ sessions }) => sessions.save(session));
  return session;
};

const tokens = (tokenHash: string, accessTokenId = nextId()) => ({
  tokenHash,
  accessToken: { issuer: 'pannier', id: accessTokenId, expiresAt: actAt(3600).at },
});

const findByToken = (run: Run, tokenHash: string): Promise<Session | undefined> =>
  run(({ sessions }) => sessions.findByToken(tokenHash));

const FAR_AWAY = new Date('2099-01-01T00:00:00.000Z');

const aToken = (): IssuedAccessToken => ({
  issuer: 'pannier',
  id: nextId(),
  issuedAt: actAt(0).at,
  expiresAt: FAR_AWAY,
});

export function sessionsContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'sessions', it => {
    it('gives back a session exactly as it was saved', async ({ run }) => {
      const session = await addSession(run, { userId: await addUserId(run), tokenHash: 'first' });
      session.rotate('first', tokens('second'), actAt(60).at);
      session.rotate('second', tokens('third'), actAt(120).at);
      await run(({ sessions }) => sessions.save(session));
      session.end(actAt(180).at);
      await run(({ sessions }) => sessions.save(session));
      expect((await findByToken(run, 'third'))?.snapshot()).to.deep.equal(session.snapshot());
    });

    it('finds a session by its refresh token, also by each that was traded in', async ({ run }) => {
      const userId = await addUserId(run);
      const session = await addSession(run, { userId, tokenHash: 'first' });
      await addSession(run, { userId, tokenHash: 'another session' });
      for (const [spent, next] of [
        ['first', 'second'],
        ['second', 'third'],
      ] as const) {
        session.rotate(spent, tokens(next), actAt(60).at);
        await run(({ sessions }) => sessions.save(session));
      }
      for (const hash of ['first', 'second', 'third'])
        expect((await findByToken(run, hash))?.snapshot().id, hash).to.equal(session.snapshot().id);
      expect(await findByToken(run, 'never issued')).to.equal(undefined);
    });

    it('finds a session by any access token that it holds', async ({ run }) => {
      const ids = [nextId(), nextId(), nextId()] as const;
      const session = await addSession(run, { userId: await addUserId(run), tokenHash: 'a', accessTokenId: ids[0] });
      session.rotate('a', tokens('b', ids[1]), actAt(60).at);
      await run(({ sessions }) => sessions.save(session));
      const found = await run(({ sessions }) => Promise.all(ids.map(id => sessions.findByAccessToken(id))));
      const { id } = session.snapshot();
      expect(found.map(one => one?.snapshot().id)).to.deep.equal([id, id, undefined]);
    });

    it('finds the sessions of a user that have not ended', async ({ run }) => {
      const userId = await addUserId(run);
      const [phone, laptop] = [
        await addSession(run, { userId, tokenHash: 'phone' }),
        await addSession(run, { userId, tokenHash: 'laptop' }),
      ];
      await addSession(run, { userId: await addUserId(run), tokenHash: 'stranger' });
      phone.end(actAt(60).at);
      await run(({ sessions }) => sessions.save(phone));
      const open = await run(({ sessions }) => sessions.findOpenOf(userId));
      expect(open.map(session => session.snapshot())).to.deep.equal([laptop.snapshot()]);
    });

    it('trades a refresh token in once, however many present it at once', async ({ run }) => {
      await addSession(run, { userId: await addUserId(run), tokenHash: 'first' });
      const trade = (next: string): Promise<string> =>
        run(async ({ sessions }) => {
          const session = (await sessions.findByToken('first'))!;
          await aMoment();
          const outcome = session.rotate('first', tokens(next), actAt(60).at);
          await sessions.save(session);
          return outcome;
        });
      expect((await Promise.all([trade('mine'), trade('thief')])).toSorted()).to.deep.equal(['reused', 'rotated']);
      expect((await findByToken(run, 'first'))?.snapshot().endedAt).to.deep.equal(actAt(60).at);
    });

    it('lets no two sessions share a refresh token', async ({ run }) => {
      const userId = await addUserId(run);
      await addSession(run, { userId, tokenHash: 'same' });
      expect(await rejectionOf(addSession(run, { userId, tokenHash: 'same' }))).to.be.instanceOf(Error);
    });

    it('belongs to a user who exists', async ({ run }) => {
      const stray = addSession(run, { userId: UserId(nextId()), tokenHash: 'stray' });
      expect(await rejectionOf(stray)).to.be.instanceOf(Error);
    });
  });

  storeSuite(harness, api, 'revoked tokens', it => {
    it('are refused from the moment of the commit, and no others are', async ({ run, store }) => {
      const [revoked, too, other] = [aToken(), aToken(), aToken()];
      await run(({ revokedTokens }) => revokedTokens.add([revoked, too]));
      const answers = await Promise.all([revoked, too, other].map(token => store.tokenRevocations.isRevoked(token)));
      expect(answers).to.deep.equal([true, true, false]);
    });

    it('are told apart by who issued them', async ({ run, store }) => {
      const token = aToken();
      const namesake = { ...token, issuer: 'another shop' };
      await run(({ revokedTokens }) => revokedTokens.add([token]));
      expect(await store.tokenRevocations.isRevoked(namesake)).to.equal(false);
      await run(({ revokedTokens }) => revokedTokens.add([namesake]));
      expect(await store.tokenRevocations.isRevoked(namesake)).to.equal(true);
    });

    it('may be revoked again, and none at all', async ({ run, store }) => {
      const token = aToken();
      await run(async ({ revokedTokens }) => {
        await revokedTokens.add([token, token]);
        await revokedTokens.add([token]);
        await revokedTokens.add([]);
      });
      await run(({ revokedTokens }) => revokedTokens.add([token]));
      expect(await store.tokenRevocations.isRevoked(token)).to.equal(true);
    });

    it('are good again when the unit of work came to nothing', async ({ run, store }) => {
      const token = aToken();
      await rejectionOf(
        run(async ({ revokedTokens, sessionCutoff }) => {
          await revokedTokens.add([token]);
          await sessionCutoff.raise(FAR_AWAY);
          throw new Error('no');
        }),
      );
      expect(await store.tokenRevocations.isRevoked(token)).to.equal(false);
    });

    it('are all that were issued before the cutoff', async ({ run, store }) => {
      expect(await run(({ sessionCutoff }) => sessionCutoff.find())).to.equal(undefined);
      await run(({ sessionCutoff }) => sessionCutoff.raise(actAt(60).at));
      const issued = [actAt(59).at, actAt(60).at, actAt(61).at].map(issuedAt => ({ ...aToken(), issuedAt }));
      const answers = await Promise.all(issued.map(token => store.tokenRevocations.isRevoked(token)));
      expect(answers).to.deep.equal([true, false, false]);
    });

    it('are never good again because of an earlier cutoff', async ({ run, store }) => {
      for (const seconds of [60, 120, 30]) await run(({ sessionCutoff }) => sessionCutoff.raise(actAt(seconds).at));
      expect(await run(({ sessionCutoff }) => sessionCutoff.find())).to.deep.equal(actAt(120).at);
      expect(await store.tokenRevocations.isRevoked({ ...aToken(), issuedAt: actAt(119).at })).to.equal(true);
    });
  });
}
