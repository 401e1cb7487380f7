import { missingRedis, startRedis } from '../../support/redis.ts';
import { Customer } from '../customer.ts';
import type { Round, Scene } from '../round.ts';
import { Staff } from '../staff.ts';

async function sell(variantId: string, { stand, journal, scale }: Scene): Promise<void> {
  const customers = Array.from({ length: scale.redisBuyers / 2 }, () => new Customer(stand.fleet.doors, journal));
  await Promise.all(
    customers.map(async customer => {
      await customer.fill([{ variantId, quantity: 1 }]);
      await customer.checkOut();
      customer.leave();
    }),
  );
}

/** Redis counts requests for all processes together. It dies in the middle, and later comes back empty. */
export const redisGone: Round = {
  name: 'Redis killed',
  impossible: () => missingRedis,
  run: async scene => {
    const { stand, journal, scale } = scene;
    const redis = await startRedis();
    await stand.reopen({ REDIS_URL: redis.url, RATE_LIMIT: 'on' });
    const staff = await Staff.signIn(stand.fleet.doors, journal);
    const [variantId] = await staff.stock(1, scale.redisBuyers);
    staff.leave();
    const half = sell(variantId!, scene);
    await redis.stop();
    await half;
    await sell(variantId!, scene);
    const again = await startRedis(Number(new URL(redis.url).port));
    await stand.reopen();
    await again.stop();
    const paid = journal.count('201 PAID');
    if (paid !== scale.redisBuyers) journal.violated(`Of ${scale.redisBuyers} buyers: ${journal.summary()}`);
    return `${paid} orders, ${journal.answered('429 RATE_LIMITED')} × 429`;
  },
};
