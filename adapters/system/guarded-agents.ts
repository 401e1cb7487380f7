import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import type { OutgoingAddress, OutgoingGuard } from '../../application/ports/outbound.ts';

export interface OutgoingAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

type Options = http.ClientRequestArgs;
type Done = (error: Error | null, line: Duplex) => void;
type Connect = (options: Options) => Duplex | null | undefined;

/** Lines that stay open, each to an address that the guard let pass when it was opened. */
export function guardedAgents(guard: OutgoingGuard): OutgoingAgents {
  const keepAlive = { keepAlive: true };
  const plain = new http.Agent(keepAlive);
  const secure = new https.Agent(keepAlive);
  const guarded = (protocol: string, connect: Connect) => (options: Options, done: Done | undefined) => {
    void dial(guard, urlOf(protocol, options), lookup => connect({ ...options, lookup }), done);
    return undefined;
  };
  plain.createConnection = guarded('http:', plain.createConnection.bind(plain));
  secure.createConnection = guarded('https:', secure.createConnection.bind(secure));
  return { http: plain, https: secure };
}

async function dial(
  guard: OutgoingGuard,
  url: URL,
  connect: (lookup: LookupFunction) => Duplex | null | undefined,
  done: Done | undefined,
): Promise<void> {
  try {
    const line = connect(toJust(await guard.admit(url)));
    if (line) done?.(null, line);
  } catch (error) {
    (done as ((error: unknown) => void) | undefined)?.(error);
  }
}

function urlOf(protocol: string, { host, port }: Options): URL {
  const name = String(host).replace(/^\[(.*)\]$/, '$1');
  return new URL(`${protocol}//${name.includes(':') ? `[${name}]` : name}:${port}`);
}

/** Looks nothing up: these are the addresses. */
const toJust =
  (addresses: readonly [OutgoingAddress, ...OutgoingAddress[]]): LookupFunction =>
  (_host, options, callback) => {
    if (options.all) callback(null, [...addresses]);
    else callback(null, addresses[0].address, addresses[0].family);
  };
