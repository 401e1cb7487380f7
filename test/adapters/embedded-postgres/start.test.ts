import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { startEmbeddedPostgres } from '../../../adapters/embedded-postgres/start.ts';
import { addOrder, lives, newPlace, ordersOf, type Place, query, refusalOf, uidOf } from './support.ts';

describe('the embedded Postgres', () => {
  let place: Place;

  before(() => {
    place = newPlace();
  });

  after(() => place.remove());

  it('is set up at the first start and keeps its rows for the second', async () => {
    const told: string[] = [];
    const first = await startEmbeddedPostgres(place.folder, { onProgress: message => told.push(message) });
    await addOrder(first, 1);
    await first.stop();
    const second = await startEmbeddedPostgres(place.folder, { onProgress: message => told.push(message) });
    const orders = await ordersOf(second);
    await second.stop();
    expect([first.owned, second.owned]).to.deep.equal([true, true]);
    expect(orders).to.deep.equal([1]);
    expect(told).to.deep.equal(['Creating the database: first start in this folder.']);
  });

  it('puts on the disk what it acknowledges, and listens on nothing but a socket that others cannot reach', async () => {
    const server = await startEmbeddedPostgres(place.folder);
    const shown = await query(
      server,
      `SELECT name, setting FROM pg_settings WHERE name IN
        ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'data_checksums', 'server_encoding')`,
    );
    const sockets = statSync(server.connection.host);
    const path = join(server.connection.host, '.s.PGSQL.5432');
    await server.stop();
    expect(Object.fromEntries(shown.map(({ name, setting }) => [name, setting]))).to.deep.equal({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      listen_addresses: '',
      data_checksums: 'on',
      server_encoding: 'UTF8',
    });
    expect(sockets.mode & 0o777).to.equal(0o700);
    expect(Buffer.byteLength(path)).to.be.below(100);
    expect(existsSync(server.connection.host), 'the socket folder after the stop').to.equal(false);
  });

  it('takes settings over its own, but not where it listens', async () => {
    const settings = { work_mem: '9MB', listen_addresses: '*', port: '1' };
    const server = await startEmbeddedPostgres(place.folder, { settings });
    const shown = await query(
      server,
      `SELECT current_setting('work_mem') AS m, current_setting('listen_addresses') AS l`,
    );
    await server.stop();
    expect(shown).to.deep.equal([{ m: '9MB', l: '' }]);
  });

  it('has ended when its stop resolves, and may be stopped twice', async () => {
    const server = await startEmbeddedPostgres(place.folder);
    expect(lives(server.pid!)).to.equal(true);
    await Promise.all([server.stop(), server.stop()]);
    expect(lives(server.pid!)).to.equal(false);
    await server.stop();
    expect(readdirSync(place.folder)).to.have.members(['pg', 'postgres.log']);
  });

  it('runs as someone who is not root', async () => {
    const server = await startEmbeddedPostgres(place.folder);
    const uid = uidOf(server.pid!);
    await server.stop();
    const ours = process.geteuid!();
    expect(uid).to.equal(ours === 0 ? 65534 : ours);
    expect(statSync(join(place.folder, 'pg')).uid).to.equal(uid);
  });

  it('starts below a folder that only its user may enter, also when that user is root', async () => {
    const hidden = newPlace(0o700);
    try {
      const server = await startEmbeddedPostgres(hidden.folder);
      await addOrder(server, 1);
      const orders = await ordersOf(server);
      // "65534 0 1": nobody to itself, root to the file system. An ordinary user needs no such disguise.
      const map = process.geteuid!() === 0 ? readFileSync(`/proc/${server.pid}/uid_map`, 'utf8') : undefined;
      const uid = uidOf(server.pid!);
      await server.stop();
      expect(orders).to.deep.equal([1]);
      expect(uid).to.equal(process.geteuid!());
      expect(map?.trim().split(/\s+/)).to.deep.equal(uid === 0 ? ['65534', '0', '1'] : undefined);
    } finally {
      hidden.remove();
    }
  });

  it('still opens its data when others may no longer enter the folder, and when they may again', async () => {
    chmodSync(dirname(place.folder), 0o700);
    const hidden = await startEmbeddedPostgres(place.folder);
    const inHiding = await ordersOf(hidden);
    await hidden.stop();
    chmodSync(dirname(place.folder), 0o755);
    const back = await startEmbeddedPostgres(place.folder);
    const again = await ordersOf(back);
    await back.stop();
    expect([inHiding, again]).to.deep.equal([[1], [1]]);
  });

  it('refuses settings that Postgres does not know, quotes its log, and starts when they are gone', async () => {
    const refusal = await refusalOf(startEmbeddedPostgres(place.folder, { settings: { shared_buffers: 'plenty' } }));
    expect(refusal.message).to.contain('invalid value for parameter "shared_buffers": "plenty"');
    expect(refusal.remedy).to.contain(join(place.folder, 'postgres.log'));
    const server = await startEmbeddedPostgres(place.folder);
    await server.stop();
  });

  it('refuses the data of another Postgres version and leaves it alone', async () => {
    const other = newPlace();
    try {
      const cluster = join(other.folder, 'pg');
      mkdirSync(cluster, { recursive: true });
      writeFileSync(join(cluster, 'PG_VERSION'), '15\n');
      const refusal = await refusalOf(startEmbeddedPostgres(other.folder));
      expect(refusal.message).to.match(/was written by Postgres 15; this is Postgres 18/);
      expect(refusal.remedy)
        .to.contain('DATABASE_URL')
        .and.to.contain('pg_dump')
        .and.to.contain(`move ${cluster} away`);
      expect(readFileSync(join(cluster, 'PG_VERSION'), 'utf8')).to.equal('15\n');
    } finally {
      other.remove();
    }
  });

  it('refuses a folder whose place is taken by something else', async () => {
    const other = newPlace();
    try {
      mkdirSync(join(other.folder, 'pg'), { recursive: true });
      writeFileSync(join(other.folder, 'pg', 'holiday.jpg'), '');
      const refusal = await refusalOf(startEmbeddedPostgres(other.folder));
      expect(refusal.message).to.contain('not a Postgres data folder');
      expect(readdirSync(join(other.folder, 'pg'))).to.deep.equal(['holiday.jpg']);
    } finally {
      other.remove();
    }
  });

  it('refuses a folder that cannot be made and names DATABASE_URL', async () => {
    const other = newPlace();
    try {
      writeFileSync(other.folder, 'a file');
      const refusal = await refusalOf(startEmbeddedPostgres(join(other.folder, 'deeper')));
      expect(refusal.message).to.contain(`${join(other.folder, 'deeper')} cannot be written`);
      expect(refusal.remedy).to.contain('DATABASE_URL');
    } finally {
      other.remove();
    }
  });
});
