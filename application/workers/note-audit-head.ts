import type { AuditLog } from '../ports/audit-log.ts';
import type { Logger } from '../ports/logger.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly auditLog: AuditLog;
  readonly logger: Logger;
}

/**
 * Says every hour how far the audit log has come. Logs are kept elsewhere: whoever rewrites the audit log later, with its
 * chain, cannot rewrite what was said of it.
 */
export class NoteAuditHead implements Worker {
  readonly name = 'notary';
  readonly everyMs = 3_600_000;
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async tick(): Promise<number> {
    const head = await this.#ports.auditLog.head();
    if (head) this.#ports.logger.info('audit log head', { expect: `${head.seq}:${head.hash}` });
    return 0;
  }
}
