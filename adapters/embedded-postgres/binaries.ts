import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError, USE_A_SERVER } from './embedded-postgres-error.ts';
import { errorCode } from './error-code.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** "18": what Postgres writes into PG_VERSION. */
  readonly major: string;
}

const SUPPORTED = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** Where a glibc program looks for its loader; musl and NixOS have none, and there the binaries cannot start. */
const GLIBC_LOADERS: Readonly<Record<string, string>> = {
  'linux-x64': '/lib64/ld-linux-x86-64.so.2',
  'linux-arm64': '/lib/ld-linux-aarch64.so.1',
};

export interface Machine {
  /** Such as "linux-x64". */
  readonly platform: string;
  readonly exists: (path: string) => boolean;
  /** The entry file of an installed package; throws when it is not installed. */
  readonly resolve: (packageName: string) => string;
}

const thisMachine: Machine = {
  platform: `${process.platform}-${process.arch}`,
  exists: existsSync,
  resolve: name => createRequire(import.meta.url).resolve(name),
};

/** Finds the server that npm installed for this platform. Throws EmbeddedPostgresError when there is none that can run. */
export function findBinaries(machine: Machine = thisMachine): Binaries {
  const { platform } = machine;
  if (!SUPPORTED.includes(platform))
    throw new EmbeddedPostgresError(`The embedded Postgres does not run on ${platform}.`, `${USE_A_SERVER}.`);
  const loader = GLIBC_LOADERS[platform];
  if (loader && !machine.exists(loader))
    throw new EmbeddedPostgresError(
      'The embedded Postgres needs glibc, which this system (Alpine or another musl Linux?) does not have.',
      `${USE_A_SERVER}, or use a Debian-based image.`,
    );
  const name = `@embedded-postgres/${platform}`;
  const root = packageRoot(name, machine);
  linkLibraries(root, name);
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), major: version.split('.')[0]! };
}

function packageRoot(name: string, machine: Machine): string {
  try {
    return resolve(dirname(machine.resolve(name)), '..');
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The package ${name} with the embedded Postgres is not installed.`,
      `Run "npm install" with optional dependencies (without --omit=optional). Or: ${USE_A_SERVER}.`,
      { cause },
    );
  }
}

/** npm packs no symbolic links, and the install script that would make them is not allowed to run. */
function linkLibraries(root: string, name: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (cause) {
      if (errorCode(cause) === 'EEXIST') continue;
      throw new EmbeddedPostgresError(
        `The embedded Postgres lacks the link ${path}, and this user may not make it.`,
        `Run "npm rebuild --ignore-scripts=false ${name}" once as the owner of node_modules. Or: ${USE_A_SERVER}.`,
        { cause },
      );
    }
  }
}
