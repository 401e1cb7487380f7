import { PaymentId } from '../../domain/shared/ids.ts';
import type { Actor } from './scheduler.ts';
import { GATEWAY } from './shop.ts';
import type { Web } from './web.ts';
import type { World } from './world.ts';

/** Brings the bank's webhooks: early, late, twice, in any order, again and again until the shop has taken them. */
export class Courier {
  readonly #world: World;
  readonly #web: Web;
  readonly #actor: Actor;
  /** Which share of the webhooks is ever sent: the shop must do without them. */
  readonly #share: number;
  #events = 0;
  #underWay = 0;

  constructor(world: World, web: Web) {
    this.#world = world;
    this.#web = web;
    this.#actor = world.actor('the courier');
    this.#share = world.plan.quiet ? 0 : world.chance.pick([0, 0.5, 1]);
  }

  get idle(): boolean {
    return this.#underWay === 0;
  }

  /** Something that the shop can make nothing of. */
  sendRumour(): void {
    if (!this.#world.chance.is(this.#share)) return;
    this.#post(this.#world.chance.is(0.5) ? null : PaymentId(this.#world.uuid()), 'rumour');
  }

  send(ref: PaymentId, type: string): void {
    if (this.#world.chance.is(this.#share)) this.#post(ref, type);
  }

  #post(ref: PaymentId | null, type: string): void {
    const { chance } = this.#world;
    this.#events += 1;
    const notice = { eventId: `evt_${this.#events}`, type, ref, facts: {} };
    const delay = chance.is(0.5) ? 0 : chance.between(0, 60_000);
    const copies = chance.is(0.2) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.#underWay += 1;
      this.#world.spawn(this.#actor, () => this.#deliver(Buffer.from(JSON.stringify(notice)), ref, delay));
    }
  }

  async #deliver(body: Buffer, ref: PaymentId | null, delay: number): Promise<void> {
    const { scheduler } = this.#world;
    await scheduler.sleep(this.#actor, delay);
    for (let wait = 2_000; ; wait = Math.min(2 * wait, 60_000)) {
      const reply = await this.#web.post(this.#actor, `take notice of ${ref}`, async shop => {
        const taken = await shop.takeNotice.execute({ gateway: GATEWAY, body, headers: {} });
        return { status: taken === 'taken' ? 200 : 400, body: '' };
      });
      if (reply?.status === 200) break;
      await scheduler.sleep(this.#actor, wait);
    }
    this.#underWay -= 1;
  }
}
