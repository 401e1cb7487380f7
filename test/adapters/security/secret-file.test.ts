import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { expect } from 'chai';
import { loadOrMakeSecret } from '../../../adapters/security/secret-file.ts';
import { times } from '../../support/waiting.ts';

describe('a secret in a file', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pannier-secret-'));
    file = join(folder, 'secrets', 'pepper');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made once and then stays the same', () => {
    expect(loadOrMakeSecret(file, () => 'the first')).to.equal('the first');
    expect(loadOrMakeSecret(file, () => 'the second')).to.equal('the first');
  });

  it('is for the eyes of its owner only, and leaves no draft behind', () => {
    loadOrMakeSecret(file, () => 'a secret');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readdirSync(join(folder, 'secrets'))).to.deep.equal(['pepper']);
  });

  it('is not overwritten by one who was slower to make it', () => {
    const made = loadOrMakeSecret(file, () => {
      writeFileSync(file, 'the faster one');
      return 'the slower one';
    });
    expect(made).to.equal('the faster one');
    expect(readFileSync(file, 'utf8')).to.equal('the faster one');
    expect(readdirSync(join(folder, 'secrets'))).to.deep.equal(['pepper']);
  });

  it('cannot be made where nobody may write', () => {
    writeFileSync(join(folder, 'secrets'), 'no folder');
    expect(() => loadOrMakeSecret(file, () => 'a secret')).to.throw(/ENOTDIR|EEXIST/);
  });

  it('is the same for processes that start at the same time', async () => {
    const makers = await Promise.all(times(3, () => secretMaker(file)));
    const made = Promise.all(makers.map(maker => maker.made));
    for (const maker of makers) maker.start();
    expect(new Set(await made)).to.deep.equal(new Set([readFileSync(file, 'utf8')]));
  });
});

/** A process that is ready to load that secret or to make one of its own, and that then tells it. */
async function secretMaker(file: string): Promise<{ start(): void; made: Promise<string> }> {
  const module = new URL(`../../../adapters/security/secret-file${extname(import.meta.url)}`, import.meta.url).href;
  const script = `
    import { loadOrMakeSecret } from ${JSON.stringify(module)};
    process.once('message', file => {
      process.send(loadOrMakeSecret(file, () => 'made by ' + process.pid), () => process.disconnect());
    });
    process.send('ready');`;
  const child = spawn(process.execPath, [...process.execArgv, '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await nextMessage(child);
  return { start: () => void child.send(file), made: nextMessage(child) };
}

/** @throws when the process ends without one */
async function nextMessage(child: ChildProcess): Promise<string> {
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  const [message] = await once(child, 'message', { signal: ended.signal });
  return String(message);
}
