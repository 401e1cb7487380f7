import https from 'node:https';
import http from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { guardedAgents } from '../../../adapters/system/guarded-agents.ts';
import { PublicWebGuard, type Resolve } from '../../../adapters/system/public-web-guard.ts';
import { OutgoingRefused } from '../../../application/ports/outbound.ts';
import { aServer } from '../../support/strange-server.ts';
import { rejectionOf } from '../../support/waiting.ts';

const PUBLIC = '93.184.215.14';
const PUBLIC_6 = '2606:2800:21f:cb07:6820:80da:af6b:8b2c';

const leadingTo =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })));

const guard = new PublicWebGuard({ resolve: leadingTo(PUBLIC, PUBLIC_6) });

/** Whether and why it was refused. */
async function refusal(url: string, by = guard): Promise<string> {
  const error = await rejectionOf(by.admit(new URL(url)));
  expect(error, url).to.be.instanceOf(OutgoingRefused);
  return (error as Error).message;
}

const CLOSED_ADDRESSES = `0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.254
  169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255
  198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
  :: ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::127.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1
  2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe:: 3fff::1 5f00::1
  fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1`.split(/\s+/);

const OPEN_ADDRESSES = `1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0
  192.167.255.255 198.17.255.255 223.255.255.255 2606:4700::1111 2a00:1450:4001:81b::200e 2001:4860:4860::8888`.split(
  /\s+/,
);

const spelt = (address: string): string => (address.includes(':') ? `[${address}]` : address);

describe('a call to the outside', () => {
  it('goes to a public name by https, with all its addresses to connect to', async () => {
    expect(await guard.admit(new URL('https://hooks.example/a?b'))).to.deep.equal([
      { address: PUBLIC, family: 4 },
      { address: PUBLIC_6, family: 6 },
    ]);
  });

  for (const address of CLOSED_ADDRESSES)
    it(`does not go to ${address}, by address or by any name`, async () => {
      expect(await refusal(`https://${spelt(address)}/`)).to.include('not public');
      expect(await refusal('https://a.example/', new PublicWebGuard({ resolve: leadingTo(address) }))).to.include(
        'not public',
      );
    });

  it('may go to those on either side of the closed ones', async () => {
    for (const address of OPEN_ADDRESSES)
      expect((await guard.admit(new URL(`https://${spelt(address)}/`)))[0].address, address).to.equal(address);
  });

  for (const host of `2130706433 0x7f000001 0x7F.1 017700000001 0177.0.0.1 127.1 127.0.1 0 0x0 1.1 0xa9fea9fe
    0251.0376.0251.0376 ①②⑦.⓪.⓪.① 127。0。0。1 %31%32%37.0.0.1 [::ffff:127.0.0.1] [0:0:0:0:0:ffff:7f00:0001]
    [::ffff:a9fe:a9fe]`.split(/\s+/))
    it(`is not taken in by the spelling ${host}`, async () => {
      const spelling = `https://${host}/`;
      if (host === '1.1') return void expect((await guard.admit(new URL(spelling)))[0].address).to.equal('1.0.0.1');
      expect(await refusal(spelling)).to.include('not public');
    });

  for (const [url, why] of [
    ['http://hooks.example/', 'not https'],
    ['ftp://hooks.example/', 'not https'],
    ['file:///etc/passwd', 'not https'],
    ['gopher://hooks.example/', 'not https'],
    ['https://hooks.example:8443/', 'not port 443'],
    ['https://hooks.example:22/', 'not port 443'],
    ['https://ada@hooks.example/', 'names a user'],
    ['https://hooks.example:pw@127.0.0.1/', 'names a user'],
    ['https://hooks.example./', 'ends in a dot'],
    ['https://localhost/', 'a name of this network'],
    ['https://LOCALHOST/', 'a name of this network'],
    ['https://a.localhost/', 'a name of this network'],
    ['https://redis/', 'a name of this network'],
    ['https://metadata.google.internal/', 'a name of this network'],
    ['https://printer.local/', 'a name of this network'],
  ] as const)
    it(`does not go to ${url}`, async () => {
      expect(await refusal(url)).to.include(why);
    });

  it('does not go to a name one of whose addresses is closed', async () => {
    for (const addresses of [
      [PUBLIC, '127.0.0.1'],
      [PUBLIC_6, '::1'],
      [PUBLIC, PUBLIC_6, '169.254.169.254'],
    ])
      expect(await refusal('https://a.example/', new PublicWebGuard({ resolve: leadingTo(...addresses) }))).to.include(
        'not public',
      );
  });

  it('does not go to a name that leads nowhere', async () => {
    const failing = new PublicWebGuard({ resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    expect(await refusal('https://a.example/', failing)).to.include('no address');
    expect(await refusal('https://a.example/', new PublicWebGuard({ resolve: leadingTo() }))).to.include('no address');
  });

  it('goes to what the operator named, by just that scheme, name and port', async () => {
    const trusting = new PublicWebGuard({ trusted: [new URL('http://bank:4242/x')], resolve: leadingTo('10.0.0.7') });
    expect((await trusting.admit(new URL('http://bank:4242/capture')))[0].address).to.equal('10.0.0.7');
    for (const url of ['http://bank/', 'https://bank:4242/', 'http://bank.:4242/', 'http://10.0.0.7:4242/'])
      await refusal(url, trusting);
  });

  describe('over a line', () => {
    /** What became of a request by these agents: its status, or the message of its error. */
    const fetched = (url: string, given: PublicWebGuard): Promise<number | string> =>
      new Promise(resolve => {
        const agents = guardedAgents(given);
        const { request, agent } = url.startsWith('https:')
          ? { request: https.request, agent: agents.https }
          : { request: http.request, agent: agents.http };
        const sent = request(url, { agent }, response => {
          response.resume().once('end', () => resolve(response.statusCode!));
        });
        sent.once('error', error => resolve(error.message));
        sent.once('close', () => agent.destroy());
        sent.end();
      });

    it('that may not be opened is never opened: the listener hears of nobody', async () => {
      let hits = 0;
      const listener = createServer(() => (hits += 1)).listen(0, '127.0.0.1');
      await new Promise(resolve => listener.once('listening', resolve));
      const { port } = listener.address() as AddressInfo;
      const inside = new PublicWebGuard({ resolve: leadingTo('127.0.0.1') });
      for (const url of [
        `http://127.0.0.1:${port}/`,
        `https://127.0.0.1:${port}/`,
        `https://localhost:${port}/`,
        `https://a.example:${port}/`,
        'https://a.example/',
        `http://[::ffff:127.0.0.1]:${port}/`,
        `http://2130706433:${port}/`,
      ])
        expect(await fetched(url, inside), url).to.match(/^(?:it is not|the host)/);
      expect(hits).to.equal(0);
      listener.close();
    });

    it('goes to the address that was checked, whatever the name leads to a moment later', async () => {
      let [hits, asked] = [0, 0];
      const server = await aServer((_request, response) => {
        hits += 1;
        response.end();
      });
      const { port } = new URL(server.url);
      const rebinding: Resolve = () => leadingTo((asked += 1) === 1 ? '127.0.0.1' : '127.0.0.2')('');
      const trusting = new PublicWebGuard({ trusted: [new URL(`http://bank:${port}`)], resolve: rebinding });
      expect(await fetched(`http://bank:${port}/`, trusting)).to.equal(200);
      expect([hits, asked]).to.deep.equal([1, 1]);
      await server.close();
    });
  });
});
