import { httpAnswers } from '../../adapters/http/answer-format.ts';
import { staffOrderView } from '../../adapters/http/views/order-view.ts';
import type { IdempotencyClaim, StoredAnswer } from '../../application/ports/idempotency-records.ts';
import { Unavailable } from '../../application/ports/unit-of-work.ts';
import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Cluster } from './cluster.ts';
import type { Process } from './process.ts';
import { type Actor, Box } from './scheduler.ts';
import type { Shop } from './shop.ts';
import type { World } from './world.ts';

/** What the caller of the shop knows in the end; undefined: the line broke, or it gave up waiting. */
export type Reply = StoredAnswer | undefined;

type Ask = (shop: Shop, requestId: string) => Promise<StoredAnswer>;

/** Requests to the shop, as the HTTP layer carries them out. */
export class Web {
  readonly #world: World;
  readonly #cluster: Cluster;

  constructor(world: World, cluster: Cluster) {
    this.#world = world;
    this.#cluster = cluster;
  }

  async post(client: Actor, what: string, ask: Ask): Promise<Reply> {
    const { chance, scheduler, faults } = this.#world;
    await scheduler.turn(client);
    const { process, shop } = chance.pick(this.#cluster.apis);
    if (!process.alive) return undefined;
    this.#world.tell(client.name, `asks ${process.name} to ${what}`, client.name);
    const requestId = this.#world.uuid();
    const box = new Box<StoredAnswer>();
    const replyLost = faults.happens(faults.httpReplyLost);
    const disconnect = process.connect(() => box.fill(undefined));
    this.#world.spawn(process, async () => {
      const answer = await this.#handled(process, () => ask(shop, requestId), requestId);
      if (!replyLost) box.fill(answer);
    });
    const answer = await box.wait(scheduler, client, faults.on ? chance.between(5_000, 60_000) : 600_000);
    disconnect();
    this.#world.tell(
      client.name,
      `is answered ${answer ? `${answer.status} ${codeOf(answer)}` : 'nothing'}`,
      client.name,
    );
    return answer;
  }

  async #handled(process: Process, attempt: () => Promise<StoredAnswer>, requestId: string): Promise<StoredAnswer> {
    try {
      return await attempt();
    } catch (error) {
      const now = new Date(this.#world.scheduler.now + process.skew);
      if (error instanceof DomainError) return httpAnswers.refused(error, requestId, now);
      if (!(error instanceof Unavailable)) this.#world.bug(process.name, error);
      return { status: 503, body: '' };
    }
  }
}

/** As routes with an idempotency key are run: whatever is decided about the order is kept under the key. */
export async function once(
  shop: Shop,
  claim: IdempotencyClaim,
  orderId: OrderId,
  act: () => Promise<OrderSnapshot>,
): Promise<StoredAnswer> {
  const told = (order: OrderSnapshot) => ({ status: 200, body: JSON.stringify({ data: staffOrderView(order) }) });
  const attempt = async () => {
    try {
      return told(await act());
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return httpAnswers.refused(error, claim.requestId, shop.clock.now());
    }
  };
  const { answer } = await shop.onceOnly.run(claim, attempt, async () => told((await shop.orders.find(orderId))!));
  return answer;
}

/** The state of the order that it tells of, or the code of the refusal. */
export function codeOf({ body }: StoredAnswer): string {
  const { data, error } = contentOf(body);
  return error?.code ?? data?.status ?? '';
}

interface Content {
  readonly data?: { readonly order_id?: string; readonly status?: string };
  readonly error?: { readonly code: string };
}

export const contentOf = (body: string): Content => (body === '' ? {} : (JSON.parse(body) as Content));
