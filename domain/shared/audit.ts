import type { UserId } from './ids.ts';

/** Who does something, and when. `by` is null for guests and for the shop itself. */
export interface Act {
  readonly at: Date;
  readonly by: UserId | null;
}

/** The audit columns of every core table; `version` counts the changes and starts at 1. */
export interface Audit {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly createdBy: UserId | null;
  readonly updatedBy: UserId | null;
  readonly version: number;
}

export const created = ({ at, by }: Act): Audit => ({
  createdAt: at,
  updatedAt: at,
  createdBy: by,
  updatedBy: by,
  version: 1,
});

export const revised = <State extends Audit>(state: State, { at, by }: Act): State => ({
  ...state,
  updatedAt: at,
  updatedBy: by,
  version: state.version + 1,
});
