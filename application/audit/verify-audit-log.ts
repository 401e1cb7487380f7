import type { AuditLog } from '../ports/audit-log.ts';
import { BEFORE_THE_FIRST, sealedText, type SealedEntry } from './sealed-entry.ts';

interface Ports {
  readonly auditLog: AuditLog;
  /** In hex. */
  readonly sha256: (text: string) => string;
}

/** An entry that was seen before, and kept where nobody who can write to the database can write. */
export type KnownEntry = Pick<SealedEntry, 'seq' | 'hash'>;

interface Command {
  readonly expected?: KnownEntry | undefined;
  /** Hears how many entries have been checked. */
  readonly onProgress?: (checked: number) => void;
}

export type Verdict =
  | { readonly intact: true; readonly entries: number; readonly head: KnownEntry | undefined }
  /** `seq` is the first entry that is not as it was. */
  | { readonly intact: false; readonly seq: number; readonly problem: string };

const AT_ONCE = 1000;

/**
 * Walks the chain from its beginning. Whatever was changed, removed, put in or moved is found, with two exceptions that
 * no chain can find by itself: entries cut off its end, and all of them written anew from some point on. Both are found
 * where an entry is `expected` that was noted before.
 */
export class VerifyAuditLog {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute({ expected, onProgress }: Command = {}): Promise<Verdict> {
    let head: SealedEntry | undefined;
    for (;;) {
      const entries = await this.#ports.auditLog.sealed(head?.seq ?? 0, AT_ONCE);
      for (const entry of entries) {
        const broken = this.#breakAt(entry, head);
        if (broken) return broken;
        if (entry.seq === expected?.seq && entry.hash !== expected.hash)
          return tampered(entry.seq, 'is not the one that is expected: the log was written anew');
        head = entry;
      }
      if (entries.length < AT_ONCE) break;
      onProgress?.(head!.seq);
    }
    const count = head?.seq ?? 0;
    if (expected && expected.seq > count) return tampered(count + 1, 'is missing, and so are all after it');
    return { intact: true, entries: count, head: head && { seq: head.seq, hash: head.hash } };
  }

  #breakAt(entry: SealedEntry, head: SealedEntry | undefined): Verdict | undefined {
    const seq = (head?.seq ?? 0) + 1;
    if (entry.seq !== seq) return tampered(seq, 'is missing');
    if (entry.filed === false) return tampered(seq, 'is listed under what it does not say');
    const sound = this.#ports.sha256(sealedText(entry)) === entry.hash;
    if (entry.previousHash === (head?.hash ?? BEFORE_THE_FIRST))
      return sound ? undefined : tampered(seq, 'is not what its hash was made over');
    // It remembers the one before as another one, or that something else stood there.
    if (head && (sound || entry.previousHash === head.previousHash))
      return tampered(head.seq, `is not the one that entry ${seq} follows`);
    return tampered(seq, 'does not follow the one before it');
  }
}

const tampered = (seq: number, problem: string): Verdict => ({ intact: false, seq, problem });
