import { expect } from 'chai';
import { addressOf, networkOf } from '../../../adapters/http/client-address.ts';

const PROXY = '10.0.0.1';

describe('The address of a caller', () => {
  it('is that of the line when no proxy is trusted, whatever is said', () => {
    expect(addressOf('203.0.113.7', '198.51.100.1', 0)).to.equal('203.0.113.7');
    expect(addressOf('::ffff:203.0.113.7', '', 0)).to.equal('203.0.113.7');
  });

  it('is what the outermost of our proxies has heard, not what came with it', () => {
    expect(addressOf(PROXY, '203.0.113.7', 1)).to.equal('203.0.113.7');
    expect(addressOf(PROXY, 'lies, 198.51.100.1, 203.0.113.7', 1)).to.equal('203.0.113.7');
    expect(addressOf(PROXY, '198.51.100.1, 203.0.113.7, 10.0.0.2', 2)).to.equal('203.0.113.7');
    expect(addressOf(PROXY, '2001:db8::7', 1)).to.equal('2001:db8::7');
  });

  it('is that of the line when the proxies have said nothing that could be one', () => {
    for (const forwarded of ['', 'unknown', '203.0.113.7:443', '203.0.113.7, ', 'x'.repeat(5000), '<script>'])
      expect(addressOf(PROXY, forwarded, 1), forwarded.slice(0, 20)).to.equal(PROXY);
    expect(addressOf(PROXY, '203.0.113.7', 2), 'one is missing').to.equal(PROXY);
  });

  for (const [address, network] of [
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:7:1::9', '2001:db8:7:1::/64'],
    ['2001:0DB8:0007:0001:aaaa:bbbb:cccc:dddd', '2001:db8:7:1::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
  ] as const)
    it(`counts ${address} as ${network}`, () => {
      expect(networkOf(address)).to.equal(network);
    });
});
