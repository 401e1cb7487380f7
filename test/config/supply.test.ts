import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../architecture/project.ts';

const root = projectRoot();

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
}

const read = <Content>(path: string): Content => JSON.parse(readFileSync(join(root, path), 'utf8')) as Content;

const manifest = read<Manifest>('package.json');
const lock = Object.entries(read<{ packages: Record<string, Locked> }>('package-lock.json').packages).filter(
  ([path]) => path !== '',
);
const nameOf = (path: string): string => path.replace(/^.*node_modules\//, '');

describe('What the shop is made of', () => {
  it('is listed by one command, without a network, and whole', () => {
    const said = execFileSync('npm', ['run', '--silent', 'sbom'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, npm_config_offline: 'true' },
    });
    const { bomFormat, components } = JSON.parse(said) as {
      bomFormat: string;
      components: { version: string; purl: string; properties: { name: string; value: string }[] }[];
    };
    expect(bomFormat).to.equal('CycloneDX');
    const named = (purl: string): string => decodeURIComponent(purl).replace(/^pkg:npm\/(.+)@[^@]+$/, '$1');
    // Not with npm's own "--omit dev", which also leaves out what both the shop and its tests need.
    const forTests = new Set(
      components.filter(({ properties }) => properties.length > 0).map(({ purl }) => named(purl)),
    );
    const listed = components.map(({ purl }) => named(purl));
    expect(listed).to.include.members(lock.filter(([, { dev }]) => !dev).map(([path]) => nameOf(path)));
    expect(forTests.has('mocha')).to.equal(true);
    for (const name of Object.keys(manifest.dependencies)) expect(forTests.has(name), name).to.equal(false);
    for (const { purl, version } of components) expect(purl, purl).to.include(`@${version}`);
  });

  it('is fixed to the byte, every package of it', () => {
    expect(lock.length).to.be.above(300);
    for (const [path, { integrity }] of lock) expect(integrity, path).to.match(/^sha512-/);
  });

  it('runs no script when it is installed, and needs none', () => {
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).to.match(/^ignore-scripts=true$/m);
    const scripted = lock.filter(([, entry]) => entry.hasInstallScript).map(([path]) => nameOf(path));
    expect(scripted.toSorted()).to.deep.equal([...new Set(scripted)].toSorted());
    for (const name of scripted) expect(manifest.allowScripts, name).to.have.property(name, false);
    // The one that would compile something brings it ready-made.
    const bcrypt = join(createRequire(import.meta.url).resolve('bcrypt/package.json'), '..');
    expect(existsSync(join(bcrypt, 'prebuilds'))).to.equal(true);
  });

  it('is little: each package that runs was chosen on purpose', () => {
    const direct = Object.keys(manifest.dependencies);
    expect(direct.length).to.be.at.most(40);
    const running = lock.filter(([, { dev, devOptional }]) => !dev && !devOptional);
    expect(running.length).to.be.below(250);
  });
});

describe('The audit of what runs', () => {
  /** What `.ci/audit` makes of a report. */
  function verdictOn(report: object | string): { code: number | null; said: string } {
    const folder = mkdtempSync(join(tmpdir(), 'pannier-audit-'));
    const npm = join(folder, 'npm');
    const text = typeof report === 'string' ? report : JSON.stringify(report);
    writeFileSync(npm, `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit 1\n`);
    chmodSync(npm, 0o755);
    const { status, stdout } = spawnSync('bash', [join(root, '.ci/audit')], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` },
    });
    rmSync(folder, { recursive: true });
    return { code: status, said: stdout };
  }

  const withFindings = (vulnerabilities: object, names: object = {}) => ({
    vulnerabilities: names,
    metadata: { vulnerabilities },
  });

  it('passes when nothing is known, or nothing that is high', () => {
    expect(verdictOn(withFindings({ high: 0, critical: 0, total: 0 })).code).to.equal(0);
    expect(verdictOn(withFindings({ moderate: 2, high: 0, critical: 0, total: 2 })).code).to.equal(0);
  });

  it('fails on what is high or critical, by name', () => {
    const koa = { koa: { name: 'koa', severity: 'critical' } };
    const { code, said } = verdictOn(withFindings({ high: 0, critical: 1, total: 1 }, koa));
    expect(code).to.equal(1);
    expect(said).to.include('critical: koa');
    expect(verdictOn(withFindings({ high: 1, total: 1 })).code).to.equal(1);
  });

  it('says that it could not be done where a registry offers none, and does not fail for that', () => {
    const { code, said } = verdictOn({ statusCode: 405, message: '405 Method Not Allowed' });
    expect(code).to.equal(0);
    expect(said).to.include('NOT EXAMINED');
  });

  it('fails when it failed for any other reason', () => {
    expect(verdictOn({ message: 'getaddrinfo ENOTFOUND', error: { summary: 'no network' } }).code).to.equal(1);
    expect(verdictOn('').code).to.equal(1);
    expect(verdictOn('<html>').code).to.equal(1);
  });
});
