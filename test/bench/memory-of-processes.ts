import { readdirSync, readFileSync } from 'node:fs';

/** Megabytes of memory, with pages that several processes share counted once: their proportional set size. Linux only. */
export const megabytesOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + kilobytesOf(pid), 0) / 1000;

function kilobytesOf(pid: number): number {
  // The kernel's kB are 1,024 bytes.
  const pss = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return (Number(pss ?? 0) * 1024) / 1000;
}

/** All that a process has started, and what these have, wherever they moved. */
export function descendantsOf(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(candidate => parentOf(candidate) === pid);
  return children.flatMap(child => [child, ...descendantsOf(child)]);
}

/** The name in parentheses may hold anything, so count from behind it. */
const parentOf = (pid: number): number => Number(read(`/proc/${pid}/stat`).split(') ').pop()?.split(' ')[1]);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It has ended meanwhile.
  }
}
