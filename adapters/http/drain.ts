import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long requests that have begun may still take once the server closes. A slow checkout takes ten seconds. */
const PATIENCE_MS = 12_000;

/**
 * Lets a server end well: answers what was asked and tells those clients not to ask again on the same line, cuts lines on
 * which nothing complete was asked, and in the end whoever is left.
 */
export class Drain {
  readonly #server: Server;
  readonly #lines = new Set<Socket>();
  readonly #answers = new Set<ServerResponse>();
  #closing = false;

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (line: Socket) => {
      this.#lines.add(line);
      line.once('close', () => this.#lines.delete(line));
    });
    server.prependListener('request', (_request: IncomingMessage, answer: ServerResponse) => this.#watch(answer));
  }

  /** Resolves when no line is left. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#closing = true;
    for (const answer of this.#answers) answer.shouldKeepAlive = false;
    const ended = new Promise<void>(resolve => this.#server.close(() => resolve()));
    this.#cutIdle();
    const patience = setTimeout(() => this.#server.closeAllConnections(), PATIENCE_MS);
    await ended;
    clearTimeout(patience);
  }

  #watch(answer: ServerResponse): void {
    this.#answers.add(answer);
    if (this.#closing) answer.shouldKeepAlive = false;
    answer.once('close', () => {
      this.#answers.delete(answer);
      if (this.#closing) setImmediate(() => this.#cutIdle());
    });
  }

  #cutIdle(): void {
    const busy = new Set([...this.#answers].map(answer => answer.socket));
    for (const line of this.#lines) if (!busy.has(line)) line.destroy();
  }
}
