import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../adapters/embedded-postgres/start.ts';
import { connect } from '../../adapters/knex/connect.ts';
import { migrate } from '../../adapters/knex/migrate.ts';
import { PROJECT_ROOT } from '../version.ts';
import { PAGES } from './pages.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'pannier-docs-'));
const server = await startEmbeddedPostgres(folder);
const database = connect({ connection: { ...server.connection, ssl: false } });
try {
  await migrate(database);
  for (const [file, make] of Object.entries(PAGES)) {
    writeFileSync(path.join(PROJECT_ROOT, file), await make(database));
    process.stdout.write(`${file}\n`);
  }
} finally {
  await database.destroy();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
