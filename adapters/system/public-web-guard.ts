import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type OutgoingAddress, type OutgoingGuard, OutgoingRefused } from '../../application/ports/outbound.ts';
import { isPublicAddress } from './public-addresses.ts';

/** All addresses of a name; rejects, or is empty, when there is none. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export interface GuardSettings {
  /** Where the operator has said that calls go. They are known by scheme, host and port. */
  readonly trusted?: readonly URL[];
  readonly resolve?: Resolve;
}

/** Names of machines near by: whatever they are looked up to, nobody outside means them. */
const NEAR = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa)$/;

const placeOf = ({ protocol, hostname, port }: URL): string => `${protocol}//${hostname}:${port}`;

/** Lets calls go to public addresses by HTTPS, and to what the operator has set up. */
export class PublicWebGuard implements OutgoingGuard {
  readonly #trusted: ReadonlySet<string>;
  readonly #resolve: Resolve;

  constructor({ trusted = [], resolve = host => lookup(host, { all: true }) }: GuardSettings = {}) {
    this.#trusted = new Set(trusted.map(placeOf));
    this.#resolve = resolve;
  }

  async admit(url: URL): Promise<readonly [OutgoingAddress, ...OutgoingAddress[]]> {
    const trusted = this.#trusted.has(placeOf(url));
    if (!trusted) requirePublicPlace(url);
    const [first, ...others] = await this.#addressesOf(url.hostname);
    if (!first) throw new OutgoingRefused('the host has no address');
    // One that is closed shuts them all: which of them is taken is nobody's choice.
    if (!trusted && ![first, ...others].every(({ address }) => isPublicAddress(address)))
      throw new OutgoingRefused('the host has an address that is not public');
    return [first, ...others];
  }

  async #addressesOf(hostname: string): Promise<OutgoingAddress[]> {
    const literal = hostname.replace(/^\[(.*)\]$/, '$1');
    const found = isIP(literal) ? [{ address: literal }] : await this.#lookUp(hostname);
    return found.map(({ address }) => ({ address, family: isIP(address) === 6 ? 6 : 4 }));
  }

  async #lookUp(hostname: string): Promise<readonly { readonly address: string }[]> {
    try {
      return await this.#resolve(hostname);
    } catch {
      throw new OutgoingRefused('the host has no address');
    }
  }
}

/** Numbers in any spelling are addresses by now: that is what a URL makes of them. */
function requirePublicPlace({ protocol, username, password, port, hostname }: URL): void {
  const refuse = (when: boolean, why: string): void => {
    if (when) throw new OutgoingRefused(why);
  };
  refuse(protocol !== 'https:', 'it is not https');
  refuse(username !== '' || password !== '', 'it names a user');
  refuse(port !== '', 'it is not port 443');
  refuse(hostname.endsWith('.'), 'the host ends in a dot');
  refuse(!hostname.startsWith('[') && !hostname.includes('.'), 'the host is a name of this network');
  refuse(NEAR.test(hostname), 'the host is a name of this network');
}
