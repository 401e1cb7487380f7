import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { markOf } from '../../../adapters/embedded-postgres/processes.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../adapters/embedded-postgres/start.ts';
import {
  addOrder,
  LauncherProcess,
  lives,
  newPlace,
  ordersOf,
  pidsAndParents,
  type Place,
  query,
  until,
} from './support.ts';

describe('the embedded Postgres, killed and crowded', () => {
  let place: Place;
  let running: EmbeddedPostgres | undefined;
  const processes: LauncherProcess[] = [];

  const start = async (folder = place.folder): Promise<EmbeddedPostgres> => {
    running = await startEmbeddedPostgres(folder);
    return running;
  };

  const launcher = (folder = place.folder): LauncherProcess => {
    const made = new LauncherProcess(folder);
    processes.push(made);
    return made;
  };

  before(async () => {
    place = newPlace();
    const server = await startEmbeddedPostgres(place.folder);
    await addOrder(server, 1);
    await server.stop();
  });

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    for (const made of processes.splice(0)) {
      made.kill();
      await made.exited();
    }
  });

  after(() => place.remove());

  it('is launched by one of two processes that start at once, and adopted by the other', async () => {
    const fresh = newPlace();
    try {
      const both = [launcher(fresh.folder), launcher(fresh.folder)];
      const [one, two] = await Promise.all(both.map(it => it.hears('start')));
      expect([one, two].filter(it => it!.owned)).to.have.lengthOf(1);
      expect(one!.pid).to.equal(two!.pid);
      for (const it of both) it.tell('query');
      await Promise.all(both.map(it => it.hears('query')));

      const [adopter, owner] = one!.owned ? [both[1]!, both[0]!] : [both[0]!, both[1]!];
      adopter.tell('stop');
      await adopter.exited();
      expect(lives(one!.pid), 'the server, after its adopter has stopped').to.equal(true);
      owner.tell('stop');
      await owner.exited();
      expect(lives(one!.pid), 'the server, after its owner has stopped').to.equal(false);
    } finally {
      fresh.remove();
    }
  });

  it('is adopted when the process that launched it asks for it again', async () => {
    const [one, two] = await Promise.all([startEmbeddedPostgres(place.folder), startEmbeddedPostgres(place.folder)]);
    running = one.owned ? one : two;
    expect([one, two].filter(it => it.owned)).to.have.lengthOf(1);
    expect(one.pid).to.equal(two.pid);
  });

  it('goes with a launcher that is killed, and the next start finds what was committed', async () => {
    const killed = launcher();
    const { pid, host } = await killed.hears('start');
    await query(
      { connection: { host, port: 5432, user: 'pannier', database: 'postgres' } },
      'INSERT INTO orders VALUES (2)',
    );
    killed.kill();
    await until('the server is gone', () => !lives(pid));
    expect(await ordersOf(await start())).to.deep.equal([1, 2]);
  });

  it('starts while the server of a launcher that was just killed is still on its way out', async () => {
    const killed = launcher();
    const { pid } = await killed.hears('start');
    killed.kill();
    await killed.exited();
    const server = await start();
    expect(server.owned).to.equal(true);
    expect(server.pid).not.to.equal(pid);
    expect(await ordersOf(server)).to.deep.equal([1, 2]);
  });

  it('recovers when its main process is killed under a launcher that lives', async () => {
    const first = await start();
    await addOrder(first, 3);
    process.kill(first.pid!, 'SIGKILL');
    const second = await start();
    expect(second.owned).to.equal(true);
    expect(await ordersOf(second)).to.deep.equal([1, 2, 3]);
    await first.stop();
    expect(await ordersOf(second), 'after a late stop of the dead one').to.deep.equal([1, 2, 3]);
  });

  it('is taken over when launcher and supervisor were killed and left it alone', async () => {
    const killed = launcher();
    const { pid } = await killed.hears('start');
    const family = pidsAndParents();
    const [, supervisor] = family.find(([child]) => child === pid)!;
    const [watcher] = family.find(([child, parent]) => parent === supervisor && child !== pid)!;
    process.kill(supervisor, 'SIGKILL');
    process.kill(watcher, 'SIGKILL');
    killed.kill();
    await killed.exited();
    expect(lives(pid), 'the orphaned server').to.equal(true);
    const server = await start();
    expect(server.owned).to.equal(true);
    expect(lives(pid)).to.equal(false);
    expect(await ordersOf(server)).to.deep.equal([1, 2, 3]);
  });

  it('starts although the pid in its old lock belongs to another program by now', async () => {
    const server = await start();
    const lock = join(place.folder, 'pg', 'postmaster.pid');
    const text = readFileSync(lock, 'utf8');
    await server.stop();
    const { uid, gid } = statSync(join(place.folder, 'pg'));
    const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' });
    try {
      writeFileSync(lock, text.replace(String(server.pid), String(stranger.pid)), { mode: 0o644 });
      expect(await ordersOf(await start())).to.deep.equal([1, 2, 3]);
      expect(lives(stranger.pid!)).to.equal(true);
    } finally {
      stranger.kill();
    }
  });

  it('starts anew in a folder that was deleted while its server ran', async () => {
    const fresh = newPlace();
    try {
      const old = await startEmbeddedPostgres(fresh.folder);
      rmSync(fresh.folder, { recursive: true, force: true, maxRetries: 5 });
      const server = await start(fresh.folder);
      expect(server.owned).to.equal(true);
      expect(server.pid).not.to.equal(old.pid);
      expect(await query(server, `SELECT count(*)::int AS n FROM pg_tables WHERE tablename = 'orders'`)).to.deep.equal([
        { n: 0 },
      ]);
      await server.stop();
    } finally {
      fresh.remove();
    }
  });

  it('starts after a launcher was killed while it set the folder up', async () => {
    const fresh = newPlace();
    try {
      const killed = launcher(fresh.folder);
      const halfMade = () =>
        existsSync(fresh.folder) && readdirSync(fresh.folder).find(it => it.startsWith('pg.init-'));
      await until('the set-up has begun', () => halfMade() !== undefined && halfMade() !== false);
      killed.kill();
      await killed.exited();
      expect(existsSync(join(fresh.folder, 'pg'))).to.equal(false);
      await addOrder(await start(fresh.folder), 1);
      await until('the half-made folder is gone', () => halfMade() === undefined);
      await running!.stop();
    } finally {
      fresh.remove();
    }
  });

  it('clears half-made folders of the dead and leaves those of the living', async () => {
    const dead = join(place.folder, `pg.init-${process.pid}-1-reboot`);
    const living = join(place.folder, `pg.init-${markOf(process.pid)}`);
    for (const path of [dead, living]) {
      mkdirSync(path);
      writeFileSync(join(path, 'PG_VERSION'), '18\n');
    }
    await start();
    expect([existsSync(dead), existsSync(living)]).to.deep.equal([false, true]);
    rmSync(living, { recursive: true });
  });

  it('is not stopped by Ctrl-C, so that the shop can finish what it has begun', async () => {
    const shop = launcher();
    const { pid } = await shop.hears('start');
    shop.pressCtrlC();
    await shop.hears('drain');
    await shop.exited();
    expect(shop.child.exitCode).to.equal(0);
    expect(lives(pid)).to.equal(false);
  });

  it('keeps no process alive that has nothing else to do, and goes with it', async () => {
    const idle = launcher();
    const { pid } = await idle.hears('start');
    idle.tell('forget');
    await idle.exited();
    expect(idle.child.exitCode).to.equal(0);
    await until('the server is gone', () => !lives(pid));
  });
});
