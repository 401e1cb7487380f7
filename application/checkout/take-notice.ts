import type { Clock } from '../ports/clock.ts';
import type { GatewayWebhooks } from '../ports/gateway-webhooks.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly gateways: readonly GatewayWebhooks[];
  readonly clock: Clock;
}

interface Command {
  readonly gateway: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Keeps what a gateway sends, for `ReadNotices` to follow up: the gateway is answered once it is stored. */
export class TakeNotice {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute({ gateway, body, headers }: Command): Promise<'taken' | 'unknown gateway' | 'bad signature'> {
    const { unitOfWork, gateways, clock } = this.#ports;
    const reader = gateways.find(candidate => candidate.gateway === gateway);
    if (!reader) return 'unknown gateway';
    const notice = reader.read(body, headers, clock.now());
    if (!notice) return 'bad signature';
    await unitOfWork.run(({ gatewayNotices }) => gatewayNotices.add(gateway, notice));
    return 'taken';
  }
}
