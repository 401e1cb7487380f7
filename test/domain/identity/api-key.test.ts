import { expect } from 'chai';
import { ApiKey } from '../../../domain/identity/api-key.ts';
import { PERMISSIONS, type Rights, STAFF } from '../../../domain/identity/permissions.ts';
import { ApiKeyId, UserId } from '../../../domain/shared/ids.ts';
import { NOON } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const ANN = UserId('019cae1f-f000-7000-8000-0000000000aa');
const BOB = UserId('019cae1f-f000-7000-8000-0000000000bb');
const OWN: Rights = { role: STAFF, permissions: ['orders:read', 'orders:write'] };

const later = (ms: number): Date => new Date(NOON.getTime() + ms);

const aKey = (expiresAt: Date | null = null): ApiKey =>
  ApiKey.make(
    {
      id: ApiKeyId('019cae1f-f000-7000-8000-0000000000cc'),
      ownerId: ANN,
      name: 'till',
      secretHash: 'hash',
      permissions: ['orders:read'],
      expiresAt,
    },
    OWN,
    NOON,
  );

describe('An API key', () => {
  it('has no more permissions than its maker', () => {
    const facts = { ...aKey().snapshot(), permissions: ['users:write'] as const };
    expect(refusal(() => ApiKey.make(facts, OWN, NOON)).code).to.equal('FORBIDDEN');
  });

  it('is good until it is revoked or over, and never made for the past', () => {
    const key = aKey(later(1000));
    expect([key.isGood(later(999)), key.isGood(later(1000))]).to.deep.equal([true, false]);
    key.revoke(ANN, OWN, NOON);
    expect(key.isGood(NOON)).to.equal(false);
    key.revoke(ANN, OWN, later(5));
    expect(key.snapshot().revokedAt).to.deep.equal(NOON);
    expect(refusal(() => aKey(NOON)).code).to.equal('VALIDATION_ERROR');
  });

  it('may do what its owner may do, as far as it was made for it', () => {
    const rights = (permissions: Rights['permissions']) =>
      aKey().rightsWithin({ role: STAFF, permissions }).permissions;
    expect(rights(PERMISSIONS)).to.deep.equal(['orders:read']);
    expect(rights(['orders:write'])).to.deep.equal([]);
  });

  it('is revoked by its owner, or by who holds what it permits', () => {
    aKey().revoke(ANN, { role: STAFF, permissions: [] }, NOON);
    aKey().revoke(BOB, OWN, NOON);
    expect(refusal(() => aKey().revoke(BOB, { role: STAFF, permissions: [] }, NOON)).code).to.equal('FORBIDDEN');
  });

  it('notes its use once a minute', () => {
    const key = aKey();
    expect([key.use(NOON), key.use(later(59_999)), key.use(later(60_000))]).to.deep.equal([true, false, true]);
    expect(key.snapshot().lastUsedAt).to.deep.equal(later(60_000));
  });
});
