import { Client } from 'pg';

/** One statement as it went to the driver. */
export interface Said {
  readonly text: string;
  readonly values: readonly unknown[];
  /** The database keeps its plan under this name; without one it is planned each time. */
  readonly name: string | undefined;
}

type Asking = (...given: unknown[]) => unknown;

/** Listens to all that this process says to databases while something is done. */
export async function saidDuring(work: () => Promise<unknown>): Promise<readonly Said[]> {
  const said: Said[] = [];
  const driver = Client.prototype as unknown as { query: Asking };
  const { query } = driver;
  driver.query = function listen(this: unknown, asked: unknown, ...rest: unknown[]): unknown {
    said.push(saidOf(asked, rest[0]));
    return query.call(this, asked, ...rest);
  };
  try {
    await work();
  } finally {
    driver.query = query;
  }
  return said;
}

function saidOf(asked: unknown, values: unknown): Said {
  if (typeof asked === 'string') return { text: asked, values: Array.isArray(values) ? values : [], name: undefined };
  const { text, values: own, name } = asked as { text: string; values?: unknown[]; name?: string };
  return { text, values: own ?? (Array.isArray(values) ? values : []), name };
}
