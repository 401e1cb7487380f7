const AT_A_TIME = 10;

/** A gateway that falls silent costs each order its deadline: not all of them should wait for it one after the other. */
export async function someAtATime<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  const carryOn = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, carryOn));
}
