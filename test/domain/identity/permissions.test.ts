import { expect } from 'chai';
import {
  ADMIN,
  CUSTOMER,
  isPermission,
  PERMISSIONS,
  permissionsOf,
  requireHeld,
  Role,
  STAFF,
} from '../../../domain/identity/permissions.ts';
import { refusal } from '../../support/refusing.ts';

describe('Permissions', () => {
  it('are each there once', () => {
    expect(new Set(PERMISSIONS)).to.have.lengthOf(PERMISSIONS.length);
    expect(isPermission('orders:read')).to.equal(true);
    expect(isPermission('orders:sell')).to.equal(false);
  });

  it('of an administrator are all, whatever was stored, and of a customer none', () => {
    expect(permissionsOf(ADMIN, [])).to.deep.equal(PERMISSIONS);
    expect(permissionsOf(CUSTOMER, PERMISSIONS)).to.deep.equal([]);
  });

  it('of any other role are those that are listed, as far as the shop knows them', () => {
    expect(permissionsOf(STAFF, ['orders:read', 'moon:walk'])).to.deep.equal(['orders:read']);
  });

  it('are only dealt with by who holds them', () => {
    const own = { role: STAFF, permissions: ['orders:read', 'users:write'] } as const;
    requireHeld(own, ['orders:read']);
    requireHeld(own, []);
    const { kind, code, details } = refusal(() => requireHeld(own, ['orders:read', 'roles:write', 'roles:write']));
    expect({ kind, code, details }).to.deep.equal({
      kind: 'forbidden',
      code: 'FORBIDDEN',
      details: { permissions: ['roles:write'] },
    });
  });

  it('come in bundles with plain names', () => {
    expect(Role('night-shift-2')).to.equal('night-shift-2');
    for (const name of ['', 'Staff', '2nd', 'a b', 'a'.repeat(41), 'rôle', 'a\n'])
      expect(refusal(() => Role(name)).code, name).to.equal('VALIDATION_ERROR');
  });
});
