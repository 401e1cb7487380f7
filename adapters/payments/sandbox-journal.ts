import { appendFileSync, closeSync, ftruncateSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A file of JSON lines that only grows. What was appended survives the kill of the process, not that of the machine:
 * nothing waits for the disk. One process at a time may write it.
 */
export class SandboxJournal {
  readonly #file: number;
  #bytes: number;

  private constructor(file: number, bytes: number) {
    this.#file = file;
    this.#bytes = bytes;
  }

  /** The last line of a process that was killed while it wrote is cut off. @throws for any other line that is no entry */
  static open<Entry>(path: string, isEntry: (line: unknown) => line is Entry): Opened<Entry> {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'a+', 0o600);
    const content = readFileSync(file);
    const bytes = content.lastIndexOf('\n') + 1;
    ftruncateSync(file, bytes);
    const lines = content.subarray(0, bytes).toString().split('\n').slice(0, -1);
    const entries = lines.map((line, index) => {
      const entry = parse(line);
      if (isEntry(entry)) return entry;
      closeSync(file);
      throw new Error(`${path}:${index + 1} is no entry: move the file away to start with an empty one.`);
    });
    return { journal: new SandboxJournal(file, bytes), entries };
  }

  /** @throws when it cannot be written, and then it is as if nobody had tried */
  append(entry: unknown): void {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    try {
      appendFileSync(this.#file, line);
    } catch (error) {
      ftruncateSync(this.#file, this.#bytes);
      throw error;
    }
    this.#bytes += line.length;
  }

  close(): void {
    closeSync(this.#file);
  }
}

interface Opened<Entry> {
  readonly journal: SandboxJournal;
  readonly entries: readonly Entry[];
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
