import { spawnSync } from 'node:child_process';
import { lchownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError, USE_A_SERVER } from './embedded-postgres-error.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Whom Postgres runs as. It refuses to be root, because whoever talks to it could then do anything to the machine. */
export interface Identity {
  readonly kind: 'ourselves' | 'other-user' | 'user-namespace';
  /** Who must own what Postgres writes; undefined: whatever we make is right already. */
  readonly owner?: Owner;
  /** Goes in front of the command line. */
  readonly wrapper: readonly string[];
  /** For `spawn`. */
  readonly credentials: Partial<Owner>;
}

const NOBODY: Owner = { uid: 65534, gid: 65534 };
const NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY.uid}`, `--map-group=${NOBODY.gid}`];

/**
 * @param program the server's executable
 * @param folders those that Postgres must be able to enter
 * @param owned paths whose owners, if not root, are the first choices: then nothing changes hands
 */
export function chooseIdentity(program: string, folders: readonly string[], owned: readonly string[]): Identity {
  const root = process.geteuid?.() === 0;
  const candidates = root ? forRoot(owned) : FOR_OTHERS;
  const identity = candidates.find(candidate => canRun(candidate, program, folders));
  if (identity) return identity;
  throw root
    ? new EmbeddedPostgresError(
        `Postgres does not run as root, no other user may enter both ${folders[0]} and the folder of ${program}, and user namespaces are unavailable.`,
        `Run this as an ordinary user, or move program and data to folders that others may enter. Or: ${USE_A_SERVER}.`,
      )
    : new EmbeddedPostgresError(
        `This user (uid ${process.geteuid?.()}) has no name on this system, or may not run ${program}.`,
        `Run this as a user that stands in /etc/passwd. Or: ${USE_A_SERVER}.`,
      );
}

const FOR_OTHERS: readonly Identity[] = [
  { kind: 'ourselves', wrapper: [], credentials: {} },
  { kind: 'user-namespace', wrapper: NAMESPACE, credentials: {} },
];

function forRoot(owned: readonly string[]): Identity[] {
  const owners = owned.map(ownerOf).filter(owner => owner !== undefined && owner.uid !== 0);
  return [
    ...[...owners, NOBODY].map((owner): Identity => ({
      kind: 'other-user',
      owner,
      wrapper: [],
      credentials: owner ?? NOBODY,
    })),
    // Still root to the file system, so folders that only root may enter stay open, but nobody to Postgres.
    { kind: 'user-namespace', owner: { uid: 0, gid: 0 }, wrapper: NAMESPACE, credentials: {} },
  ];
}

/**
 * Asks the system instead of reading permission bits: there are also access lists, capabilities and mount options.
 * initdb refuses a user without a name, which is common in containers.
 */
function canRun({ wrapper, credentials }: Identity, program: string, folders: readonly string[]): boolean {
  const script = 'id -un >/dev/null && for path; do test -x "$path" || exit 1; done';
  const [command, ...args] = [...wrapper, 'sh', '-c', script, 'sh', program, ...folders];
  return spawnSync(command!, args, { ...credentials, cwd: '/', stdio: 'ignore' }).status === 0;
}

function ownerOf(path: string): Owner | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat && { uid: stat.uid, gid: stat.gid };
}

/** Gives a folder and all in it to the owner. The folder comes last: an interrupted hand-over is begun anew. */
export function handOver(path: string, owner: Owner | undefined): void {
  if (!owner || ownerOf(path)?.uid === owner.uid) return;
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(path, entry), owner.uid, owner.gid);
  lchownSync(path, owner.uid, owner.gid);
}
