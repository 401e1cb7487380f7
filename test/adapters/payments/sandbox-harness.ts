import { SandboxBank } from '../../../adapters/payments/sandbox-bank.ts';
import { SandboxGateway, type SandboxGatewaySettings } from '../../../adapters/payments/sandbox-gateway.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { GatewayHarness } from '../../contracts/gateway-harness.ts';

const silence = (): void => {};

export const SILENT: Logger = { error: silence, warn: silence, info: silence, debug: silence };

/** A gateway whose slow answers need no patience, and the bank behind it. */
export function aSandbox({ bank = new SandboxBank(), ...settings }: Partial<SandboxGatewaySettings> = {}) {
  const gateway = new SandboxGateway({ bank, logger: SILENT, delay: () => Promise.resolve(), ...settings });
  return { bank, gateway };
}

export const sandboxHarness: GatewayHarness = {
  name: 'sandbox',
  open: async () => {
    const { bank, gateway } = aSandbox();
    return {
      gateway,
      methods: {
        pays: 'tok_ok',
        declined: 'tok_decline',
        requiresAction: 'tok_requires_action',
        answerLost: 'tok_timeout',
        requestLost: 'tok_lost',
        captureAnswerLost: 'tok_capture_timeout',
        captureRefused: 'tok_capture_refused',
      },
      movements: ref => Promise.resolve(bank.movements(ref)),
      customer: async (ref, does) => void bank[does](ref),
      close: () => Promise.resolve(),
    };
  },
};
