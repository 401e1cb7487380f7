import { createHash, createHmac } from 'node:crypto';
import { expect } from 'chai';
import { AesPersonalData } from '../../../adapters/security/aes-personal-data.ts';
import { EmailAddress } from '../../../domain/identity/email-address.ts';
import { personalDataContract } from '../../contracts/personal-data.contract.ts';

personalDataContract({ name: 'AES-256-GCM', cipher: secrets => new AesPersonalData({ secrets }) });

describe('AES-256-GCM for personal data', () => {
  const SECRET = 's'.repeat(43);
  const cipher = new AesPersonalData({ secrets: [SECRET] });
  const email = EmailAddress('ada@example.com');

  it('indexes by no plain hash, and not by the secret itself', () => {
    const [index] = cipher.emailIndexes(email);
    const plain = ['hex', 'base64', 'base64url'] as const;
    for (const form of plain) {
      expect(index).not.to.include(createHash('sha256').update(email).digest(form));
      expect(index).not.to.include(createHmac('sha256', SECRET).update(email).digest(form));
    }
  });

  it('opens old keys that have fallen out of its memory', () => {
    const place = { table: 't', column: 'c', row: 'r' };
    const first = cipher.newKey('first');
    const sealed = cipher.seal(first, place, email);
    for (let n = 0; n < 20_002; n += 1) cipher.newKey(`person-${n}`);
    expect(cipher.open(first, place, sealed)).to.equal(email);
  });
});
