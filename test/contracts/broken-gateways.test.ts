import { expect } from 'chai';

import { sandboxHarness } from '../adapters/payments/sandbox-harness.ts';
import { BROKEN_GATEWAYS } from './broken/gateways.ts';
import { paymentGatewayContract } from './payment-gateway.contract.ts';
import { verdictOf } from './verdict.ts';

describe('the contract of a payment gateway', () => {
  it('accepts a sound gateway', async () => {
    const { passed, failed } = await verdictOf(api => paymentGatewayContract(sandboxHarness, api));
    expect(failed).to.deep.equal([]);
    for (const sentence of BROKEN_GATEWAYS.flatMap(gateway => gateway.breaks))
      expect(
        passed.filter(title => title.endsWith(sentence)),
        sentence,
      ).to.have.length(1);
  });

  for (const { harness, breaks } of BROKEN_GATEWAYS)
    it(`refuses a gateway that ${harness.name}`, async () => {
      const { passed, failed } = await verdictOf(api => paymentGatewayContract(harness, api), breaks);
      expect(passed).to.deep.equal([]);
      expect(failed).to.have.length(breaks.length);
    });
});
