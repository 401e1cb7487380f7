import { expect } from 'chai';
import { Client } from 'pg';

import { onPostgres, servedPostgres, type TestDatabase } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { createApp } from '../../config/app.ts';
import { parseSettings } from '../../config/settings.ts';
import { STORE } from '../../config/tokens.ts';
import { aFolder, runProgram } from '../support/shop-process.ts';
import { times } from '../support/waiting.ts';

const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

/** What a superuser can do who means it. */
const TAMPERINGS: Readonly<Record<string, readonly [statement: string, finding: string]>> = {
  changed: [
    `UPDATE audit_log SET entry = replace(entry::text, 'act-4', 'act-5')::json WHERE seq = 4`,
    'entry 4 is not what its hash was made over',
  ],
  'only spaced differently': [
    `UPDATE audit_log SET entry = (entry::text || ' ')::json WHERE seq = 4`,
    'entry 4 is not what its hash was made over',
  ],
  removed: ['DELETE FROM audit_log WHERE seq = 6', 'entry 6 is missing'],
  'removed from the beginning': ['DELETE FROM audit_log WHERE seq = 1', 'entry 1 is missing'],
  'changed and hashed anew': [
    `UPDATE audit_log SET entry = '{"at":"2026-01-01T00:00:00.000Z","action":"x","outcome":"done"}'::json,
            at = '2026-01-01T00:00:00.000Z' WHERE seq = 3;
     UPDATE audit_log SET hash = encode(sha256(convert_to(concat_ws(E'\\n', previous_hash, seq, entry::text), 'UTF8')), 'hex')
      WHERE seq = 3`,
    'entry 3 is not the one that entry 4 follows',
  ],
  'listed under another time': [
    `ALTER TABLE audit_log DROP CONSTRAINT audit_log_at_as_in_entry;
     UPDATE audit_log SET at = at - interval '3 days' WHERE seq = 5`,
    'entry 5 is listed under what it does not say',
  ],
  'swapped with another': [
    `UPDATE audit_log SET seq = 99 WHERE seq = 7; UPDATE audit_log SET seq = 7 WHERE seq = 8;
     UPDATE audit_log SET seq = 8 WHERE seq = 99`,
    'entry 7 does not follow the one before it',
  ],
};

onPostgres(servedPostgres, 'npm run audit:verify', postgres => {
  let database: TestDatabase;
  const folder = aFolder();

  const environment = () => ({
    DATABASE_URL: urlOf(database, 'pannier_shop'),
    DATABASE_MIGRATION_URL: urlOf(database),
  });

  const verify = (...options: readonly string[]) =>
    runProgram('audit-verify', { environment: environment(), folder: folder.path, options });

  async function tamper(statements: string): Promise<void> {
    const superuser = new Client(database.connection);
    await superuser.connect();
    await superuser.query(`SET session_replication_role = replica; ${statements}`);
    await superuser.end();
  }

  beforeEach(async () => {
    database = await postgres.database();
    const settings = parseSettings({ ...environment(), PORT: '0', SEED_DEMO: 'false' });
    const app = await createApp({ ...settings, secretsFolder: undefined }, { logger: silent });
    for (const act of times(10, index => `act-${index + 1}`))
      await app.container
        .get(STORE)
        .unitOfWork.run(async ({ audit }) => audit.add({ action: act, outcome: 'done', subject: null }));
    await app.close();
  });

  afterEach(() => database.drop());
  after(() => folder.remove());

  it('finds a log intact that nobody has touched, and says its head, which can be expected later', async () => {
    const { code, stdout } = await verify();
    expect({ code, stdout }).to.have.property('code', 0);
    const [, head] = /^The audit log is intact: 10 entries\nIts head is (10:[0-9a-f]{64})\n$/.exec(stdout) ?? [];
    expect(head, stdout).to.be.a('string');
    expect(await verify('--expect', head!)).to.have.property('code', 0);
    await tamper('DELETE FROM audit_log WHERE seq > 8');
    expect(await verify()).to.have.property('code', 0);
    const cut = await verify('--expect', head!);
    expect(cut.code).to.equal(1);
    expect(cut.stdout).to.include('entry 9 is missing, and so are all after it');
    const unreadable = await verify('--expect', 'the last one');
    expect(unreadable).to.have.property('code', 1);
    expect(unreadable.stderr).to.include('--expect must be');
  });

  it('is not content with a log that is empty, nor with a database that has none', async () => {
    await tamper('DELETE FROM audit_log');
    const empty = await verify();
    expect(empty).to.have.property('code', 1);
    expect(empty.stdout).to.include('nothing was verified');
    const nowhere = { environment: { DATABASE_URL: 'embedded:./not-there' }, folder: folder.path, options: [] };
    const missing = await runProgram('audit-verify', nowhere);
    expect(missing).to.have.property('code', 1);
    expect(missing.stderr).to.include('there is no folder');
  });

  for (const [how, [statements, finding]] of Object.entries(TAMPERINGS))
    it(`names the first entry that was ${how}`, async () => {
      await tamper(statements);
      const { code, stdout } = await verify();
      expect(stdout).to.equal(`The audit log was tampered with: ${finding}\n`);
      expect(code).to.equal(1);
    });
});
