import { setTimeout as sleep } from 'node:timers/promises';

import type { Database } from './connection.ts';
import { isOutage, isStalePlan, isWriteConflict, unavailable } from './errors.ts';
import { Transaction } from './transaction.ts';

const MOST_TRIES = 3;

/** All of `work` or nothing of it; up to three times, where it meets somebody else's. */
export async function inTransaction<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
  time = 1,
): Promise<Result> {
  try {
    return await once(database, work);
  } catch (error) {
    if (isOutage(error)) throw unavailable(error);
    if (!isWriteConflict(error) && !isStalePlan(error)) throw error;
    if (time >= MOST_TRIES) throw unavailable(error);
  }
  // Whoever collided would collide again without a difference between them.
  await sleep(10 + Math.random() * 70);
  return inTransaction(database, work, time + 1);
}

async function once<Result>(database: Database, work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
  const transaction = await Transaction.begin(database);
  let result: Result;
  try {
    result = await work(transaction);
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
  await transaction.commit();
  return result;
}
