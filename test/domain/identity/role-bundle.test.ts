import { expect } from 'chai';
import { ADMIN, CUSTOMER, PERMISSIONS, type Rights, Role, STAFF } from '../../../domain/identity/permissions.ts';
import { BUILT_IN_ROLES, RoleBundle } from '../../../domain/identity/role-bundle.ts';
import { created } from '../../../domain/shared/audit.ts';
import { ACT } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const THE_ADMIN: Rights = { role: ADMIN, permissions: PERMISSIONS };
const LEAD: Rights = { role: Role('lead'), permissions: ['roles:write', 'orders:read'] };
const NIGHT = Role('night-shift');

const builtIn = (name: Role): RoleBundle => {
  const { permissions } = BUILT_IN_ROLES.find(role => role.name === name)!;
  return RoleBundle.restore({ name, permissions, builtIn: true, ...created(ACT) });
};

describe('A role', () => {
  it('is one of three at first: customers may nothing, staff look after the shop, administrators may all', () => {
    expect(BUILT_IN_ROLES.map(role => role.name)).to.deep.equal([CUSTOMER, STAFF, ADMIN]);
    expect(builtIn(CUSTOMER).snapshot().permissions).to.deep.equal([]);
    expect(builtIn(STAFF).snapshot().permissions).to.have.members([
      'products:write',
      'inventory:read',
      'inventory:write',
      'orders:read',
      'orders:write',
    ]);
    expect(builtIn(ADMIN).snapshot().permissions).to.deep.equal(PERMISSIONS);
  });

  it('is made with no more than its maker may', () => {
    const role = RoleBundle.create({ name: NIGHT, permissions: ['orders:read'] }, LEAD, ACT);
    expect(role.snapshot()).to.deep.include({ name: NIGHT, permissions: ['orders:read'], builtIn: false, version: 1 });
    const more = () => RoleBundle.create({ name: NIGHT, permissions: ['orders:read', 'users:write'] }, LEAD, ACT);
    expect(refusal(more).details).to.deep.equal({ permissions: ['users:write'] });
  });

  it('is neither given nor robbed of what its changer does not hold', () => {
    const role = RoleBundle.create({ name: NIGHT, permissions: ['orders:read', 'users:read'] }, THE_ADMIN, ACT);
    expect(refusal(() => role.change(['orders:read'], LEAD, ACT)).code).to.equal('FORBIDDEN');
    role.change(['orders:read'], THE_ADMIN, ACT);
    expect(refusal(() => role.change(['users:read'], LEAD, ACT)).code).to.equal('FORBIDDEN');
    role.change([], LEAD, ACT);
    expect(role.snapshot()).to.deep.include({ permissions: [], version: 3 });
  });

  it('is not changed by who has it', () => {
    const role = RoleBundle.create({ name: LEAD.role, permissions: ['orders:read'] }, THE_ADMIN, ACT);
    expect(refusal(() => role.change([], LEAD, ACT)).code).to.equal('FORBIDDEN');
    expect(refusal(() => role.requireRemovable(LEAD)).code).to.equal('FORBIDDEN');
  });

  it('of administrators and customers is as it is; that of staff can change, and all three stay', () => {
    for (const name of [ADMIN, CUSTOMER])
      expect(refusal(() => builtIn(name).change([], THE_ADMIN, ACT)).code, name).to.equal('ROLE_BUILT_IN');
    const staff = builtIn(STAFF);
    staff.change(['orders:read'], THE_ADMIN, ACT);
    expect(staff.snapshot().permissions).to.deep.equal(['orders:read']);
    for (const name of [ADMIN, CUSTOMER, STAFF])
      expect(refusal(() => builtIn(name).requireRemovable(THE_ADMIN)).code, name).to.equal('ROLE_BUILT_IN');
  });
});
