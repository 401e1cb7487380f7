import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../../adapters/embedded-postgres/start.ts';
import { query, type Report } from './support.ts';

/** A process of its own that starts the server of the folder in its argument and does what it is told over IPC. */
const server = await startEmbeddedPostgres(process.argv[2]!);

const tell = (report: Report): void => void process.send!(report);

process.on('message', (order: 'query' | 'stop' | 'forget') => {
  if (order === 'query') void query(server, 'SELECT 1').then(() => tell({ did: 'query' }));
  if (order === 'stop') void server.stop().then(() => process.exit());
  if (order === 'forget') process.disconnect();
});

process.once('SIGINT', () => {
  void (async () => {
    // Long enough for a server that got the signal too to be gone.
    await sleep(200);
    await query(server, 'SELECT 1');
    await server.stop();
    tell({ did: 'drain' });
    process.exit();
  })();
});

tell({ did: 'start', owned: server.owned, pid: server.pid!, host: server.connection.host });
