import { AsyncLocalStorage } from 'node:async_hooks';
import type { UserId } from '../../domain/shared/ids.ts';

/** What a member of staff is about to do. */
export interface StaffAct {
  /** Of the route. */
  readonly name: string;
  /** Whether the audit log has an entry of it already. */
  told: boolean;
}

/** On whose behalf something happens, and from where. */
export interface Origin {
  /** Undefined for callers who have not said who they are, and for the shop itself. */
  readonly userId?: UserId | undefined;
  /** The machine's key that was used, in the name of that user. */
  readonly apiKeyId?: string | undefined;
  /** The network address; undefined for what the shop does by itself. */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
  /** Of the trace that the caller says the request belongs to. */
  readonly traceId?: string | undefined;
  /** Undefined where nobody needs a permission, and where nothing is changed. */
  readonly act?: StaffAct | undefined;
}

const origins = new AsyncLocalStorage<Origin>();

const THE_SHOP: Origin = {};

export const currentOrigin = (): Origin => origins.getStore() ?? THE_SHOP;

/** Whatever `work` writes into the audit trail is signed with this. */
export const withOrigin = <Result>(origin: Origin, work: () => Result): Result => origins.run(origin, work);
