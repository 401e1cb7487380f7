import type { GatewayNotice } from './gateway-webhooks.ts';

/** What gateways have sent by themselves: an inbox that is read in our own time. */
export interface GatewayNotices {
  /** Doing it again with the same gateway and event id changes nothing. */
  add(gateway: string, notice: GatewayNotice): Promise<void>;
  /**
   * Unread notices that are due, the oldest first, and theirs alone for the lease. Counts an attempt of each and puts the
   * next one off: 10 s, doubled each time up to an hour. Where that is more than 72 hours after the notice came, this was
   * the last attempt: the notice is parked, and left out from then on.
   */
  claim(limit: number, leaseSeconds: number): Promise<readonly ClaimedNotice[]>;
  markRead(notice: Pick<ClaimedNotice, 'gateway' | 'eventId'>): Promise<void>;
}

export interface ClaimedNotice extends GatewayNotice {
  readonly gateway: string;
  /** The last attempt has been made: from now on it is parked. */
  readonly parked: boolean;
}
