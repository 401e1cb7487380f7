import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Names one life of one process: "<pid>-<when it began>". A pid alone comes back with another process behind it. */
export type ProcessMark = string;

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const ps = (format: string, pid: number): string =>
  spawnSync('ps', ['-o', format, '-p', String(pid)], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).stdout;

const DEAD = /^[ZXx]/;

function linuxMark(pid: number): ProcessMark | undefined {
  // The name in parentheses may itself hold spaces and parentheses, so count the fields after the last one.
  const fields = read(`/proc/${pid}/stat`)?.split(') ').pop()?.split(' ');
  const [state, startedAt] = [fields?.[0], fields?.[19]];
  if (!state || !startedAt || DEAD.test(state)) return undefined;
  // The start is counted in ticks since the boot: without the boot's name it would repeat.
  const boot = read('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? 'boot';
  return `${pid}-${startedAt}-${boot}`;
}

function otherMark(pid: number): ProcessMark | undefined {
  const line = ps('stat=,lstart=', pid).trim();
  if (!line || DEAD.test(line)) return undefined;
  return `${pid}-${Date.parse(line.replace(/^\S+\s+/, ''))}`;
}

/** Undefined when there is no such process, or when it is dead and only waits to be reaped by its parent. */
export function markOf(pid: number): ProcessMark | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? linuxMark(pid) : otherMark(pid);
}

export const isAlive = (mark: ProcessMark): boolean => markOf(Number.parseInt(mark, 10)) === mark;

/** The command line of a living process, its words joined by spaces; undefined when it is gone or hidden from us. */
export function commandOf(pid: number): string | undefined {
  if (markOf(pid) === undefined) return undefined;
  if (process.platform !== 'linux') return ps('command=', pid).trim();
  return read(`/proc/${pid}/cmdline`)?.split('\0').join(' ').trim();
}
