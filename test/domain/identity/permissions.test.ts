import { expect } from 'chai';
import { PERMISSIONS, PERMISSIONS_OF, ROLES } from '../../../domain/identity/permissions.ts';

describe('The roles of the shop', () => {
  it('are three', () => {
    expect(Object.keys(PERMISSIONS_OF)).to.have.members([...ROLES]);
    expect(ROLES).to.deep.equal(['customer', 'staff', 'admin']);
  });

  it('let a customer do nothing but shop', () => {
    expect(PERMISSIONS_OF.customer).to.deep.equal([]);
  });

  it('let staff look after products, stock and orders, and nobody else', () => {
    expect(PERMISSIONS_OF.staff).to.have.members([
      'products:write',
      'inventory:read',
      'inventory:write',
      'orders:read',
      'orders:write',
    ]);
  });

  it('let an administrator do everything', () => {
    expect(PERMISSIONS_OF.admin).to.have.members([...PERMISSIONS]);
    expect(new Set(PERMISSIONS)).to.have.lengthOf(PERMISSIONS.length);
  });
});
