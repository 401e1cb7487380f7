import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findBinaries } from '../../adapters/embedded-postgres/binaries.ts';
import { EmbeddedPostgresError } from '../../adapters/embedded-postgres/embedded-postgres-error.ts';
import { PROJECT_ROOT, VERSION } from '../version.ts';
import { bad, type Finding, good, messageOf, odd, type Section } from './findings.ts';

interface Manifest {
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8')) as Manifest;

/** The programs that the shop is made of. @param embedded whether it is to run its own Postgres */
export const versions = (embedded: boolean): Section => ({
  title: `Pannier ${VERSION} on ${process.platform}-${process.arch}`,
  findings: [nodeVersion(process.versions.node, manifest.engines.node), packages(), bcrypt(), postgres(embedded)],
});

/** @param wanted such as ">=20.20" */
export function nodeVersion(have: string, wanted: string): Finding {
  const numbers = (version: string): number[] => version.match(/\d+/g)!.map(Number);
  const [major = 0, minor = 0] = numbers(have);
  const [leastMajor = 0, leastMinor = 0] = numbers(wanted);
  const enough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return enough
    ? good(`Node ${have}`)
    : bad(`Node ${have} is too old: ${wanted} is needed`, 'Install a newer Node, for example with nvm or fnm.');
}

/** @param root the folder whose packages are looked at */
export function packages(root = PROJECT_ROOT, names = Object.keys(manifest.dependencies)): Finding {
  const missing = names.filter(name => !existsSync(path.join(root, 'node_modules', name, 'package.json')));
  return missing.length > 0
    ? bad(`Packages are missing: ${missing.join(', ')}`, 'npm ci')
    : good(`${names.length} npm packages are installed`);
}

/** Compiled code: it has to match this machine and this Node. */
function bcrypt(): Finding {
  try {
    createRequire(import.meta.url)('bcrypt');
    return good('bcrypt runs');
  } catch (error) {
    return bad(
      `bcrypt does not run here: ${messageOf(error)}`,
      'Delete node_modules and run npm ci on this very machine.',
    );
  }
}

function postgres(embedded: boolean): Finding {
  const problem = embedded ? bad : odd;
  try {
    const { status, stdout, stderr } = spawnSync(findBinaries().postgres, ['--version'], { encoding: 'utf8' });
    return status === 0
      ? good(`Embedded ${stdout.trim()}`)
      : problem(`The embedded Postgres does not run here: ${stderr.trim().split('\n')[0]}`, NOT_ITS_MACHINE);
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError)) throw error;
    return problem(error.message, error.remedy);
  }
}

const NOT_ITS_MACHINE = 'Delete node_modules and run npm ci, or set DATABASE_URL to a server of your own.';
