import { RemoteSandboxGateway } from '../../../adapters/payments/remote-sandbox-gateway.ts';
import { SandboxBank } from '../../../adapters/payments/sandbox-bank.ts';
import { SandboxServer } from '../../../adapters/payments/sandbox-server.ts';
import type { GatewayHarness } from '../../contracts/gateway-harness.ts';
import { sandboxHarness, SILENT } from './sandbox-harness.ts';

const opened: SandboxServer[] = [];

/** After each test, also one that failed: an open port keeps a test run from ending. */
export async function closeSandboxes(): Promise<void> {
  for (const server of opened.splice(0)) await server.close();
}

/** A gateway to a bank behind a port, until `closeSandboxes`. */
export async function aRemoteSandbox(settings: Partial<Parameters<typeof SandboxServer.start>[0]> = {}) {
  const bank = settings.bank ?? new SandboxBank();
  const server = await SandboxServer.start({ bank, logger: SILENT, slowMs: 5, ...settings });
  opened.push(server);
  const gateway = new RemoteSandboxGateway({ url: server.url, logger: SILENT });
  return { bank, server, gateway };
}

export const remoteSandboxHarness: GatewayHarness = {
  name: 'remote sandbox',
  open: async () => {
    const { methods } = await sandboxHarness.open();
    const { bank, gateway } = await aRemoteSandbox();
    return {
      gateway,
      methods,
      movements: async ref => bank.movements(ref),
      customer: async (ref, does) => void bank[does](ref),
      close: closeSandboxes,
    };
  },
};
