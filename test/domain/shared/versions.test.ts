import { expect } from 'chai';
import { created, revised } from '../../../domain/shared/audit.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { requireVersion } from '../../../domain/shared/versions.ts';
import { actAt, NOON } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const ANN = UserId('019cae1f-f000-7000-8000-0000000000aa');
const BOB = UserId('019cae1f-f000-7000-8000-0000000000bb');

describe('The version of a thing', () => {
  it('starts at 1, made by whoever made it', () => {
    expect(created(actAt(0, ANN))).to.deep.equal({
      createdAt: NOON,
      updatedAt: NOON,
      createdBy: ANN,
      updatedBy: ANN,
      version: 1,
    });
  });

  it('goes up by one with each change, and the maker stays', () => {
    const before = { name: 'mug', ...created(actAt(0, ANN)) };
    const after = revised(revised(before, actAt(60, BOB)), actAt(120));
    expect(after).to.deep.equal({
      name: 'mug',
      createdAt: NOON,
      createdBy: ANN,
      updatedAt: new Date('2026-03-02T12:02:00.000Z'),
      updatedBy: null,
      version: 3,
    });
    expect(before.version).to.equal(1);
  });

  it('lets a change pass that was made looking at it, or that did not say', () => {
    expect(() => requireVersion(3, 3)).to.not.throw();
    expect(() => requireVersion(3, undefined)).to.not.throw();
  });

  it('refuses a change that was made looking at another one, and tells which is current', () => {
    for (const stale of [2, 4, 0, Number.NaN]) {
      const { kind, code, details } = refusal(() => requireVersion(3, stale));
      expect({ kind, code, details }).to.deep.equal({
        kind: 'conflict',
        code: 'PRECONDITION_FAILED',
        details: { current_version: 3 },
      });
    }
  });
});
