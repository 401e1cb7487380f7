import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { BEFORE_THE_FIRST, type SealedEntry, sealedText } from '../../../application/audit/sealed-entry.ts';
import { type KnownEntry, VerifyAuditLog } from '../../../application/audit/verify-audit-log.ts';
import type { AuditLog } from '../../../application/ports/audit-log.ts';
import { times } from '../../support/waiting.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const sealed = (entry: Omit<SealedEntry, 'hash'>): SealedEntry => ({ ...entry, hash: sha256(sealedText(entry)) });

/** Chained as the stores do, each text after the other. */
const chain = (texts: readonly string[]): SealedEntry[] =>
  texts.reduce<SealedEntry[]>((entries, text, index) => {
    const previousHash = entries.at(-1)?.hash ?? BEFORE_THE_FIRST;
    return [...entries, sealed({ seq: index + 1, text, previousHash })];
  }, []);

const TEXTS = times(1005, index => `{"action":"act ${index + 1}"}`);
const SOUND = chain(TEXTS);

const verify = async (entries: readonly SealedEntry[], expected?: KnownEntry) => {
  const auditLog: Pick<AuditLog, 'sealed'> = {
    sealed: async (seq, limit) => entries.filter(entry => entry.seq > seq).slice(0, limit),
  };
  return new VerifyAuditLog({ auditLog: auditLog as AuditLog, sha256 }).execute({ expected });
};

const changed = (seq: number, change: (entry: SealedEntry) => SealedEntry): SealedEntry[] =>
  SOUND.map(entry => (entry.seq === seq ? change(entry) : entry));

const renumbered = (entries: readonly SealedEntry[]): SealedEntry[] =>
  entries.map((entry, index) => ({ ...entry, seq: index + 1 }));

const firstBroken = async (...given: Parameters<typeof verify>): Promise<number | undefined> => {
  const verdict = await verify(...given);
  return verdict.intact ? undefined : verdict.seq;
};

describe('checking the audit log', () => {
  it('finds a log intact that nobody has touched, and says what its head is', async () => {
    const { seq, hash } = SOUND.at(-1)!;
    expect(await verify(SOUND)).to.deep.equal({ intact: true, entries: 1005, head: { seq, hash } });
    expect(await verify([])).to.deep.equal({ intact: true, entries: 0, head: undefined });
  });

  it('names the first entry that was changed, wherever it is', async () => {
    for (const seq of [1, 2, 1000, 1001, 1005])
      expect(await firstBroken(changed(seq, entry => ({ ...entry, text: '{}' })))).to.equal(seq);
  });

  it('names an entry that was changed along with its hash', async () => {
    expect(await firstBroken(changed(7, entry => sealed({ ...entry, text: '{}' })))).to.equal(7);
    expect(await firstBroken(changed(7, entry => sealed({ ...entry, previousHash: BEFORE_THE_FIRST })))).to.equal(6);
  });

  it('names an entry that was removed, also when the others were numbered anew', async () => {
    const without = SOUND.filter(({ seq }) => seq !== 5);
    expect(await firstBroken(without)).to.equal(5);
    expect(await firstBroken(renumbered(without))).to.equal(5);
    expect(await firstBroken(SOUND.slice(1))).to.equal(1);
    expect(await firstBroken(renumbered(SOUND.slice(1)))).to.equal(1);
  });

  it('names an entry that was put in', async () => {
    const { hash: previousHash } = SOUND[3]!;
    const forged = sealed({ seq: 5, text: '{"action":"never done"}', previousHash });
    expect(await firstBroken(renumbered([...SOUND.slice(0, 4), forged, ...SOUND.slice(4)]))).to.equal(5);
  });

  it('names the first of two that changed places', async () => {
    const [third, fourth] = [SOUND[2]!, SOUND[3]!];
    const swapped = [...SOUND.slice(0, 2), { ...fourth, seq: 3 }, { ...third, seq: 4 }, ...SOUND.slice(4)];
    expect(await firstBroken(swapped)).to.equal(3);
  });

  it('misses a tail that was cut off or written anew, unless an entry is expected that was noted before', async () => {
    const { seq, hash } = SOUND[999]!;
    const known = { seq, hash };
    const cut = SOUND.slice(0, 500);
    const anew = chain(TEXTS.map((text, index) => (index === 600 ? '{}' : text)));
    expect(await firstBroken(cut)).to.equal(undefined);
    expect(await firstBroken(anew)).to.equal(undefined);
    expect(await firstBroken(SOUND, known)).to.equal(undefined);
    expect(await firstBroken(cut, known)).to.equal(501);
    expect(await firstBroken(anew, known)).to.equal(1000);
  });
});
