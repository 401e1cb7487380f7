import { expect } from 'chai';
import {
  REFRESH_ABSOLUTE_MS,
  REFRESH_SLIDING_MS,
  REPEAT_MS,
  Session,
  type IssuedTokens,
} from '../../../domain/identity/session.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { aSession, NOON } from '../../support/builders.ts';

const DAY = 24 * 3600_000;
const ANN = UserId('019cae1f-f000-7000-8000-0000000000aa');

const later = (ms: number): Date => new Date(NOON.getTime() + ms);
const tokens = (tokenHash: string, at: Date, id = `access-of-${tokenHash}`): IssuedTokens => ({
  tokenHash,
  accessToken: { issuer: 'pannier', id, expiresAt: new Date(at.getTime() + 900_000) },
});
const started = (): Session => aSession({ userId: ANN, tokenHash: 'first', accessTokenId: 'access-of-first' });

describe('A session', () => {
  it('lasts seven days from the last renewal', () => {
    expect(REFRESH_SLIDING_MS).to.equal(7 * DAY);
    const session = started();
    expect(session.snapshot().expiresAt).to.deep.equal(later(7 * DAY));
    session.rotate('first', tokens('second', later(DAY)), later(DAY));
    expect(session.snapshot().expiresAt).to.deep.equal(later(8 * DAY));
  });

  it('trades a refresh token in for another one', () => {
    const session = started();
    expect(session.rotate('first', tokens('second', NOON), NOON)).to.equal('rotated');
    expect(session.snapshot()).to.include({ tokenHash: 'second', endedAt: null });
    expect(session.snapshot().spentHashes).to.deep.equal(['first']);
    expect(session.rotate('second', tokens('third', NOON), NOON)).to.equal('rotated');
    expect(session.snapshot().spentHashes).to.deep.equal(['first', 'second']);
  });

  it('ends for the thief and the customer alike when a token is used twice', () => {
    const session = started();
    session.rotate('first', tokens('second', NOON), NOON);
    expect(session.rotate('first', tokens('stolen', later(1)), later(1))).to.equal('reused');
    expect(session.snapshot().endedAt).to.deep.equal(later(1));
    expect(session.snapshot().tokenHash).to.equal('second');
    expect(session.rotate('second', tokens('third', later(2)), later(2))).to.equal('over');
    expect(session.snapshot().endedAt).to.deep.equal(later(1));
  });

  it('is over at the very millisecond, and a late token is no theft', () => {
    expect(started().rotate('first', tokens('second', NOON), later(7 * DAY - 1))).to.equal('rotated');
    const session = started();
    expect(session.rotate('first', tokens('second', NOON), later(7 * DAY))).to.equal('over');
    expect(session.rotate('unknown', tokens('second', NOON), later(8 * DAY))).to.equal('over');
    expect(session.snapshot().endedAt).to.equal(null);
  });

  it('ends thirty days after the sign-in, however often it is renewed', () => {
    expect(REFRESH_ABSOLUTE_MS).to.equal(30 * DAY);
    const session = started();
    let hash = 'first';
    for (let day = 1; day < 30; day += 1) {
      const next = `day-${day}`;
      expect(session.rotate(hash, tokens(next, later(day * DAY)), later(day * DAY))).to.equal('rotated');
      hash = next;
    }
    expect(session.snapshot().expiresAt).to.deep.equal(later(30 * DAY));
    expect(session.rotate(hash, tokens('day-30', later(30 * DAY)), later(30 * DAY))).to.equal('over');
  });

  it('remembers the access tokens that are still good, so that they can be revoked', () => {
    const session = started();
    const soon = later(60_000);
    session.rotate('first', tokens('second', soon), soon);
    expect(session.snapshot().accessTokens.map(token => token.id)).to.deep.equal([
      'access-of-first',
      'access-of-second',
    ]);
    const muchLater = later(900_000);
    session.rotate('second', tokens('third', muchLater), muchLater);
    expect(session.snapshot().accessTokens.map(token => token.id)).to.deep.equal([
      'access-of-second',
      'access-of-third',
    ]);
  });

  it('gives the very same successor again to who has lost the answer, for a minute', () => {
    const session = started();
    session.rotate('first', tokens('derived', NOON), NOON);
    const again = (at: Date, id: string) => session.rotate('first', tokens('derived', at, id), at);
    expect(again(later(REPEAT_MS - 1), 'access-again')).to.equal('repeated');
    expect(session.snapshot()).to.deep.include({ tokenHash: 'derived', spentHashes: ['first'], renewedAt: NOON });
    expect(session.snapshot().accessTokens.map(token => token.id)).to.include.members([
      'access-of-derived',
      'access-again',
    ]);
    expect(again(later(REPEAT_MS), 'late')).to.equal('reused');
  });

  it('knows no lost answer once its successor was used, nor of a token before the last', () => {
    const session = started();
    session.rotate('first', tokens('second', NOON), NOON);
    session.rotate('second', tokens('third', NOON), NOON);
    expect(Session.restore(session.snapshot()).rotate('first', tokens('second', NOON), NOON)).to.equal('reused');
    expect(Session.restore(session.snapshot()).rotate('first', tokens('third', NOON), NOON)).to.equal('reused');
    expect(Session.restore(session.snapshot()).rotate('second', tokens('third', NOON), NOON)).to.equal('repeated');
    expect(session.rotate('second', tokens('another', NOON), NOON)).to.equal('reused');
  });

  it('is as old as its last renewal', () => {
    const session = started();
    expect([session.isOlderThan(NOON), session.isOlderThan(later(1))]).to.deep.equal([false, true]);
    session.rotate('first', tokens('second', later(5)), later(5));
    expect([session.isOlderThan(later(5)), session.isOlderThan(later(6))]).to.deep.equal([false, true]);
  });

  it('ends once', () => {
    const session = started();
    session.end(later(1));
    session.end(later(2));
    expect(session.snapshot().endedAt).to.deep.equal(later(1));
    expect(session.rotate('first', tokens('second', later(3)), later(3))).to.equal('over');
  });

  it('goes on as it was after it was stored', () => {
    const session = Session.restore(started().snapshot());
    session.rotate('first', tokens('second', NOON), NOON);
    const again = Session.restore(session.snapshot());
    expect(again.rotate('first', tokens('x', later(1)), later(1))).to.equal('reused');
  });
});
