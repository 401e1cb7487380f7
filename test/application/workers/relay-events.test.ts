import { expect } from 'chai';
import type { EventConsumer } from '../../../application/events/event-consumer.ts';
import type { EventMessenger } from '../../../application/events/event-messenger.ts';
import type { Collections } from '../../../application/ports/unit-of-work.ts';
import { requireOutsideUnitOfWork } from '../../../application/transaction-boundary.ts';
import { anEvent } from '../../support/an-event.ts';
import { openCheckoutShop } from '../../support/checkout-shop.ts';
import { mortal } from '../../support/gateway-line.ts';
import { aGate, aMoment } from '../../support/waiting.ts';

/** Follows payments with an event of its own, so that its effect is kept, or not, with everything else. */
class Thanks implements EventConsumer {
  readonly name: string;
  readonly types = ['order.paid'];
  readonly told: string[] = [];
  /** Fails so many times at first. */
  failures: number;

  constructor({ name = 'thanks', failures = 0 } = {}) {
    this.name = name;
    this.failures = failures;
  }

  async handle({ id, aggregateId }: Parameters<EventConsumer['handle']>[0], { outbox }: Collections): Promise<void> {
    await outbox.add([anEvent('thanked', { aggregateId })]);
    this.told.push(id);
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('The printer is out of paper.');
    }
  }
}

/** Writes a letter with the next number, and posts it. */
class Letter implements EventMessenger {
  readonly name = 'letter';
  readonly types = ['order.paid'];
  readonly sent: number[] = [];
  readonly post = aGate();
  written = 0;
  failures: number;

  constructor({ failures = 0, waits = false } = {}) {
    this.failures = failures;
    if (!waits) this.post.open();
  }

  async prepare(): Promise<() => Promise<void>> {
    const number = (this.written += 1);
    return async () => {
      requireOutsideUnitOfWork('The post');
      await this.post.opened;
      this.failures -= 1;
      if (this.failures >= 0) throw new Error('The post office is shut.');
      this.sent.push(number);
    };
  }
}

const openShop = (...consumers: readonly EventConsumer[]) => openCheckoutShop({ consumers });

const thanked = (events: readonly string[]): number => events.filter(type => type === 'thanked').length;

describe('The relay of events', () => {
  it('tells each consumer once of the events that it wants', async () => {
    const [one, other] = [new Thanks({ name: 'one' }), new Thanks({ name: 'other' })];
    const shop = openShop(one, other);
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    expect(await shop.relay.tick()).to.equal(2);
    expect([one.told.length, other.told.length]).to.deep.equal([1, 1]);
    expect(one.told).to.deep.equal(other.told);
    expect(await shop.relay.tick(), 'what the consumers said').to.equal(2);
    expect(await shop.relay.tick()).to.equal(0);
    expect(await shop.store.ledgers.backlog()).to.include({ unpublishedEvents: 0 });
  });

  it('that dies after it has delivered, before it is noted, delivers again: the effect is kept once', async () => {
    const shop = openShop(new Thanks());
    await shop.run(({ outbox }) => outbox.add([anEvent('order.paid')]));
    const { unitOfWork, death } = mortal(shop, 'before', 3);
    void shop.startProcess(unitOfWork).relay.tick();
    await death;
    expect(thanked(shop.events())).to.equal(1);
    expect(await shop.relay.tick(), 'while the lease lasts: only the thanks').to.equal(1);
    shop.pass(31);
    expect(await shop.relay.tick(), 'once more').to.equal(1);
    const [paid] = [...shop.store.tables.outbox.values()];
    expect(paid).to.include({ attempts: 2 });
    expect(thanked(shop.events())).to.equal(1);
  });

  it('that dies before it has delivered is followed by another one', async () => {
    const shop = openShop(new Thanks());
    await shop.run(({ outbox }) => outbox.add([anEvent('order.paid')]));
    const { unitOfWork, death } = mortal(shop, 'before', 2);
    void shop.startProcess(unitOfWork).relay.tick();
    await death;
    expect(thanked(shop.events())).to.equal(0);
    shop.pass(31);
    await shop.relay.tick();
    expect(thanked(shop.events())).to.equal(1);
  });

  it('shares the work with a second one, and each event is delivered by one of them', async () => {
    const consumer = new Thanks();
    const shop = openShop(consumer);
    for (let events = 0; events < 5; events += 1) await shop.run(({ outbox }) => outbox.add([anEvent('order.paid')]));
    const ticks = await Promise.all([shop.relay.tick(), shop.startProcess().relay.tick()]);
    expect(ticks[0] + ticks[1]).to.equal(5);
    expect(new Set(consumer.told).size).to.equal(5);
    expect(consumer.told).to.have.length(5);
  });

  it('undoes what a consumer did that failed, and tries again later', async () => {
    const consumer = new Thanks({ failures: 2 });
    const shop = openShop(consumer);
    await shop.run(({ outbox }) => outbox.add([anEvent('order.paid')]));
    for (const seconds of [1, 2, 0]) {
      await shop.relay.tick();
      shop.pass(seconds);
    }
    expect(consumer.told).to.have.length(3);
    expect(new Set(consumer.told).size).to.equal(1);
    expect(thanked(shop.events())).to.equal(1);
    expect(shop.saidAt('error')).to.deep.equal(['an event could not be delivered', 'an event could not be delivered']);
  });

  it('does not tell a consumer again that was told before another one failed', async () => {
    const [sound, failing] = [new Thanks({ name: 'sound' }), new Thanks({ name: 'failing', failures: 1 })];
    const shop = openShop(sound, failing);
    await shop.run(({ outbox }) => outbox.add([anEvent('order.paid')]));
    await shop.relay.tick();
    shop.pass(1);
    await shop.relay.tick();
    expect([sound.told.length, failing.told.length]).to.deep.equal([1, 2]);
    expect(thanked(shop.events())).to.equal(2);
  });

  it('lets a messenger speak once the unit of work is over, and once it has spoken, not again', async () => {
    const letter = new Letter();
    const shop = openCheckoutShop({ messengers: [letter], consumers: [new Thanks({ failures: 1 })] });
    await shop.run(({ outbox }) => outbox.add([anEvent('order.paid')]));
    await shop.relay.tick();
    expect(letter.sent, 'a consumer failed before').to.deep.equal([]);
    shop.pass(1);
    await shop.relay.tick();
    expect(letter.sent).to.deep.equal([1]);
    expect(thanked(shop.events())).to.equal(1);
  });

  it('lets a messenger try again that failed, with another letter, and holds nobody else up', async () => {
    const letter = new Letter({ failures: 2 });
    const shop = openCheckoutShop({ messengers: [letter] });
    await shop.run(({ outbox }) => outbox.add([anEvent('order.paid'), anEvent('product.updated')]));
    const delivered: number[] = [];
    for (const seconds of [1, 2, 4]) {
      delivered.push(await shop.relay.tick());
      shop.pass(seconds);
    }
    expect(delivered).to.deep.equal([1, 0, 1]);
    expect(letter.sent).to.deep.equal([3]);
    expect(await shop.store.ledgers.backlog()).to.include({ unpublishedEvents: 0 });
  });

  it('that dies with a letter in the post sends another one', async () => {
    const letter = new Letter();
    const shop = openCheckoutShop({ messengers: [letter] });
    await shop.run(({ outbox }) => outbox.add([anEvent('order.paid')]));
    const { unitOfWork, death } = mortal(shop, 'before', 3);
    void shop.startProcess(unitOfWork).relay.tick();
    await death;
    expect(letter.sent).to.deep.equal([1]);
    shop.pass(31);
    await shop.relay.tick();
    await shop.relay.tick();
    expect(letter.sent).to.deep.equal([1, 2]);
  });

  it('waits for all messengers at once', async () => {
    const letter = new Letter({ waits: true });
    const shop = openCheckoutShop({ messengers: [letter] });
    for (let events = 0; events < 5; events += 1) await shop.run(({ outbox }) => outbox.add([anEvent('order.paid')]));
    const tick = shop.relay.tick();
    while (letter.written < 5) await aMoment();
    letter.post.open();
    expect(await tick).to.equal(5);
  });

  it('puts an event aside that fails twenty times, and delivers those behind it all along', async () => {
    const consumer = new Thanks({ failures: 1000 });
    const shop = openShop(consumer);
    await shop.run(({ outbox }) => outbox.add([anEvent('order.paid')]));
    for (let attempts = 0; attempts < 30; attempts += 1) {
      await shop.run(({ outbox }) => outbox.add([anEvent('product.updated')]));
      expect(await shop.relay.tick()).to.equal(1);
      shop.pass(300);
    }
    expect(consumer.told).to.have.length(20);
    const backlog = await shop.store.ledgers.backlog();
    expect(backlog.parked.events).to.equal(1);
    expect(backlog.unpublishedEvents).to.equal(0);
  });
});
