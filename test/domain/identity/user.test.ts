import { expect } from 'chai';
import { CUSTOMER, STAFF } from '../../../domain/identity/permissions.ts';
import { User } from '../../../domain/identity/user.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { actAt, anAddress, aUser } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const ANN = UserId('019cae1f-f000-7000-8000-0000000000aa');
const BOB = UserId('019cae1f-f000-7000-8000-0000000000bb');

describe('A user', () => {
  it('begins as a customer who may come in', () => {
    const { role, disabled, version } = aUser().snapshot();
    expect({ role, disabled, version }).to.deep.equal({ role: 'customer', disabled: false, version: 1 });
  });

  it('can be renamed, and can have no name', () => {
    const user = aUser({ id: ANN, name: 'Ann' });
    user.rename(null, actAt(60, ANN));
    expect(user.snapshot()).to.include({ name: null, version: 2, updatedBy: ANN });
  });

  it('can be erased, unless nobody else keeps the shop', () => {
    const user = aUser({ id: ANN });
    for (const administrators of [[], [BOB], [ANN, BOB]]) user.requireErasable(administrators);
    const refused = refusal(() => user.requireErasable([ANN]));
    expect(refused).to.include({ kind: 'conflict', code: 'LAST_ADMINISTRATOR' });
  });

  it('keeps everything but the password when that changes', () => {
    const user = aUser({ id: ANN, passwordHash: 'old' });
    const before = user.snapshot();
    user.setPassword('new', actAt(60, ANN));
    const { passwordHash, updatedAt, updatedBy, version, ...rest } = user.snapshot();
    expect({ passwordHash, updatedBy, version }).to.deep.equal({ passwordHash: 'new', updatedBy: ANN, version: 2 });
    expect(updatedAt).to.deep.equal(actAt(60).at);
    expect(before).to.deep.include(rest);
  });

  it('is promoted and locked out by somebody else', () => {
    const user = User.restore(aUser({ id: ANN }).snapshot());
    user.administer({ role: STAFF }, actAt(1, BOB));
    expect(user.snapshot()).to.include({ role: 'staff', disabled: false });
    user.administer({ disabled: true }, actAt(2, BOB));
    expect(user.snapshot()).to.include({ role: 'staff', disabled: true, version: 3 });
  });

  it('changes neither its own role nor its own access', () => {
    const admin = aUser({ id: ANN, role: 'admin' });
    for (const changes of [{ role: CUSTOMER }, { disabled: true }, {}]) {
      const { kind, code } = refusal(() => admin.administer(changes, actAt(1, ANN)));
      expect({ kind, code }).to.deep.equal({ kind: 'forbidden', code: 'FORBIDDEN' });
    }
    expect(admin.snapshot()).to.include({ role: 'admin', disabled: false, version: 1 });
  });
});

describe('An entry of the address book', () => {
  it('changes what is said and keeps the rest', () => {
    const address = anAddress(ANN);
    const { id } = address.snapshot();
    address.change({ city: 'Porto', line2: '2nd floor' }, actAt(60, ANN));
    expect(address.snapshot()).to.include({ id, userId: ANN, city: 'Porto', line2: '2nd floor', version: 2 });
    expect(address.snapshot()).to.include({ name: 'Ada Customer', country: 'PT' });
  });
});
