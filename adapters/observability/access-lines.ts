import { currentOrigin } from '../../application/audit/origin.ts';
import { redactedText } from './redaction.ts';

interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly seconds: number;
}

export interface AccessLinesPorts {
  /** Takes whole lines, many at once. */
  readonly write: (lines: string) => void;
  readonly wanted: () => boolean;
  /** From 0 to 1, of the requests that were served well; all others get their line. */
  readonly share: number;
}

/** How long a line may wait for others. */
const TOGETHER_MS = 50;
const MOST_WAITING = 256;
const MOST_PATHS = 2000;
const LONGEST_KEPT_PATH = 200;
const MADE_BY_US = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * A line for each request, like those of the logger, made by hand and written together. Through the logger one costs 28
 * µs, which is as much as the rest of a cached read: searching every field for secrets, winston's streams, and a write to
 * the system on top. Here it is 2 µs (`npm run bench:watching`): only the path and foreign request ids can hold secrets, and the same paths come
 * again and again.
 */
export class AccessLines {
  readonly #ports: AccessLinesPorts;
  readonly #paths = new Map<string, string>();
  #waiting: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Reaches 1 when the next good one is due. */
  #due = 0;

  constructor(ports: AccessLinesPorts) {
    this.#ports = ports;
  }

  answered({ method, path, status, seconds }: Answered): void {
    if (!this.#ports.wanted() || (status < 400 && !this.#isDue())) return;
    const { requestId, traceId } = currentOrigin();
    const ms = Math.round(seconds * 10_000) / 10;
    const names = `${requestId === undefined ? '' : `,"request_id":${safeId(requestId)}`}${traceId === undefined ? '' : `,"trace_id":"${traceId}"`}`;
    this.#waiting.push(
      `{"time":"${new Date().toISOString()}","level":"info","message":"request"${names},"method":"${method}","path":${this.#safe(path)},"status":${status},"ms":${ms}}\n`,
    );
    if (this.#waiting.length >= MOST_WAITING) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), TOGETHER_MS);
  }

  /** Before any other line is written, so that lines stay in their order. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting.join('');
    this.#waiting = [];
    this.#ports.write(lines);
  }

  #isDue(): boolean {
    this.#due += this.#ports.share;
    if (this.#due < 1) return false;
    this.#due -= 1;
    return true;
  }

  #safe(path: string): string {
    const known = this.#paths.get(path);
    if (known !== undefined) return known;
    const safe = JSON.stringify(redactedText(path));
    if (path.length > LONGEST_KEPT_PATH) return safe;
    if (this.#paths.size >= MOST_PATHS) this.#paths.clear();
    this.#paths.set(path, safe);
    return safe;
  }
}

const safeId = (id: string): string => (MADE_BY_US.test(id) ? `"${id}"` : JSON.stringify(redactedText(id)));
