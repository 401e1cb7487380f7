import { parseArgs } from 'node:util';
import { sha256 } from '../adapters/security/sha256.ts';
import { type KnownEntry, VerifyAuditLog } from '../application/audit/verify-audit-log.ts';
import { explain } from './explain.ts';
import { openAuditLog } from './open-audit-log.ts';
import { InvalidSettings, parseSettings } from './settings.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const progress = (message: string) => say(`  … ${message}`);

try {
  const { values } = parseArgs({
    options: {
      expect: { type: 'string' },
    },
  });
  const expected = values.expect === undefined ? undefined : knownEntry(values.expect);
  const settings = parseSettings(process.env);
  const opened = await openAuditLog(settings);
  try {
    const verify = new VerifyAuditLog({ auditLog: opened.auditLog, sha256 });
    const verdict = await verify.execute({
      expected,
      onProgress: checked => progress(`${checked} entries are intact`),
    });
    if (verdict.intact && verdict.head) {
      const { seq, hash } = verdict.head;
      say(`The audit log is intact: ${verdict.entries} entries\nIts head is ${seq}:${hash}`);
    } else if (verdict.intact) {
      say('The audit log is empty, so nothing was verified: a shop that was started has entries.');
      process.exitCode = 1;
    } else {
      say(`The audit log was tampered with: entry ${verdict.seq} ${verdict.problem}`);
      process.exitCode = 1;
    }
  } finally {
    await opened.close();
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function knownEntry(text: string): KnownEntry {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!seq || !hash) throw new InvalidSettings(['--expect must be <number>:<hash>, as this command prints the head']);
  return { seq: Number(seq), hash };
}
