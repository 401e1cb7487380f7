import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { errorCode } from './error-code.ts';
import { isAlive, markOf, type ProcessMark } from './processes.ts';

/**
 * Names the process that owns the server of a data folder, from before the launch until the server has gone.
 * It is a symbolic link that points at the owner's mark, because a link comes into being with its content in one step.
 *
 * It spares double work; what keeps two servers off one folder is Postgres's own lock.
 */
export class OwnerLock {
  readonly #path: string;
  readonly #mark: ProcessMark;

  private constructor(path: string, mark: ProcessMark) {
    this.#path = path;
    this.#mark = mark;
  }

  /** Undefined while a living process, which may be this one, holds it. The lock of a dead process is taken over. */
  static take(path: string): OwnerLock | undefined {
    const mark = markOf(process.pid) ?? String(process.pid);
    for (;;) {
      try {
        symlinkSync(mark, path);
        return new OwnerLock(path, mark);
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
      const holder = holderOf(path);
      if (holder !== undefined && isAlive(holder)) return undefined;
      if (holder !== undefined) removeOf(path, holder);
    }
  }

  static isHeld(path: string): boolean {
    const holder = holderOf(path);
    return holder !== undefined && isAlive(holder);
  }

  release(): void {
    if (holderOf(this.#path) === this.#mark) rmSync(this.#path, { force: true });
  }
}

function holderOf(path: string): ProcessMark | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Between the look and the removal another process may have put its own lock there: move it, look again, put it back. */
function removeOf(path: string, dead: ProcessMark): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = holderOf(aside);
  rmSync(aside, { force: true });
  if (moved === undefined || moved === dead) return;
  try {
    symlinkSync(moved, path);
  } catch {
    // A third process holds it by now; Postgres decides between the two.
  }
}
