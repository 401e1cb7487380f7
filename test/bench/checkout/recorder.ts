import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** One statement as the server was asked to carry it out. */
export interface Said {
  readonly text: string;
  /** As text; undefined is NULL. */
  readonly values: readonly (string | null)[];
  /** The server keeps its plan. */
  readonly prepared: boolean;
  /** Statements with the same number went out together, before any answer came back. */
  readonly roundTrip: number;
}

/** Stands between a program and its Postgres, and understands what is said to the server. */
export class Recorder {
  readonly url: string;
  readonly #server: Server;
  #said: Said[] = [];
  #roundTrips = 0;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** @param url of the server, over TCP and without TLS */
  static async open(url: string): Promise<Recorder> {
    const target = new URL(url);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const own = new URL(url);
    own.port = String((server.address() as AddressInfo).port);
    const recorder = new Recorder(server, own.href);
    server.on('connection', socket => recorder.#stand(socket, connect(Number(target.port), target.hostname)));
    return recorder;
  }

  /** All that is said while something is done. */
  async saidDuring(work: () => Promise<unknown>): Promise<readonly Said[]> {
    this.#said = [];
    await work();
    return this.#said;
  }

  async close(): Promise<void> {
    await new Promise(done => this.#server.close(done));
  }

  #stand(program: Socket, server: Socket): void {
    const listener = new Listener();
    let answered = true;
    program.on('data', bytes => {
      if (answered) this.#roundTrips += 1;
      answered = false;
      for (const heard of listener.hear(bytes)) this.#said.push({ ...heard, roundTrip: this.#roundTrips });
      server.write(bytes);
    });
    server.on('data', bytes => {
      answered = true;
      program.write(bytes);
    });
    for (const [one, other] of [
      [program, server],
      [server, program],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }
}

type Heard = Omit<Said, 'roundTrip'>;

/** Reads one connection's half of the protocol, version 3, that goes to the server. */
class Listener {
  readonly #texts = new Map<string, string>();
  #bytes: Buffer = Buffer.alloc(0);
  #started = false;

  hear(bytes: Buffer): readonly Heard[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const heard: Heard[] = [];
    for (;;) {
      // The very first message has no type.
      const head = this.#started ? 1 : 0;
      if (this.#bytes.length < head + 4) return heard;
      const end = head + this.#bytes.readInt32BE(head);
      if (this.#bytes.length < end) return heard;
      const type = this.#started ? String.fromCharCode(this.#bytes[0]!) : '';
      const said = this.#understand(type, new Reader(this.#bytes.subarray(head + 4, end)));
      if (said) heard.push(said);
      this.#bytes = this.#bytes.subarray(end);
      this.#started = true;
    }
  }

  #understand(type: string, message: Reader): Heard | undefined {
    if (type === 'Q') return { text: message.text(), values: [], prepared: false };
    if (type === 'P') this.#texts.set(message.text(), message.text());
    if (type !== 'B') return undefined;
    message.text();
    const name = message.text();
    // How each value is written: as text, by everybody whose statements are recorded here.
    message.skip(2 * message.count());
    const values = Array.from({ length: message.count() }, () => message.value());
    return { text: this.#texts.get(name)!, values, prepared: name !== '' };
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  count(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  value(): string | null {
    const length = this.#bytes.readInt32BE(this.#at);
    this.#at += 4 + Math.max(0, length);
    return length < 0 ? null : this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }
}
