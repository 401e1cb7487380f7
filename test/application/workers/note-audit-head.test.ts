import { expect } from 'chai';
import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import { NoteAuditHead } from '../../../application/workers/note-audit-head.ts';
import { NOON } from '../../support/builders.ts';

describe('The notary', () => {
  it('says how far the audit log has come, once there is one', async () => {
    const { unitOfWork, auditLog } = createInMemoryStore({ clock: { now: () => NOON } });
    const said: unknown[] = [];
    const ignored = () => undefined;
    const info = (message: string, fields: unknown) => void said.push([message, fields]);
    const notary = new NoteAuditHead({ auditLog, logger: { info, error: ignored, warn: ignored, debug: ignored } });
    await notary.tick();
    expect(said).to.deep.equal([]);
    await unitOfWork.run(async ({ audit }) => audit.add({ action: 'shipOrder', outcome: 'done', subject: null }));
    await notary.tick();
    const head = await auditLog.head();
    expect(said).to.deep.equal([['audit log head', { expect: `1:${head!.hash}` }]]);
  });
});
