import type { Clock } from '../../application/ports/clock.ts';
import type { ClaimedNotice, GatewayNotices } from '../../application/ports/gateway-notices.ts';
import type { GatewayNotice } from '../../application/ports/gateway-webhooks.ts';
import { later } from './later.ts';
import type { Drafts, NoticeRow } from './tables.ts';

/** In seconds. */
const FIRST_WAIT = 10;
const LONGEST_WAIT = 3600;
const KEPT_AT = 72 * 3600;

export class InMemoryGatewayNotices implements GatewayNotices {
  readonly #drafts: Drafts;
  readonly #clock: Clock;

  constructor(drafts: Drafts, clock: Clock) {
    this.#drafts = drafts;
    this.#clock = clock;
  }

  async add(gateway: string, notice: GatewayNotice): Promise<void> {
    const key = keyOf({ gateway, eventId: notice.eventId });
    if (this.#drafts.notices.get(key)) return;
    const now = this.#clock.now();
    const { eventId, type, ref, facts } = structuredClone(notice);
    const content = { gateway, eventId, type, ref, facts };
    this.#drafts.notices.set(key, {
      ...content,
      receivedAt: now,
      readAt: null,
      attempts: 0,
      dueAt: now,
      parked: false,
    });
    this.#drafts.unreadNotices.set(key, key);
  }

  async claim(limit: number, leaseSeconds: number): Promise<readonly ClaimedNotice[]> {
    const now = this.#clock.now();
    return [...this.#drafts.unreadNotices.values()]
      .map(key => this.#drafts.notices.get(key)!)
      .filter(row => row.dueAt <= now && !row.parked)
      .toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime() || (keyOf(a) < keyOf(b) ? -1 : 1))
      .slice(0, limit)
      .map(row => this.#claim(row, now, leaseSeconds));
  }

  async markRead(notice: Pick<ClaimedNotice, 'gateway' | 'eventId'>): Promise<void> {
    const key = keyOf(notice);
    const row = this.#drafts.notices.get(key);
    if (!row || row.readAt) return;
    this.#drafts.notices.set(key, { ...row, readAt: this.#clock.now() });
    this.#drafts.unreadNotices.delete(key);
  }

  #claim(row: NoticeRow, now: Date, leaseSeconds: number): ClaimedNotice {
    const wait = Math.min(FIRST_WAIT * 2 ** row.attempts, LONGEST_WAIT);
    const dueAt = later(now, Math.max(wait, leaseSeconds));
    const parked = dueAt > later(row.receivedAt, KEPT_AT);
    this.#drafts.notices.set(keyOf(row), { ...row, attempts: row.attempts + 1, dueAt, parked });
    const { gateway, eventId, type, ref, facts } = row;
    return { gateway, eventId, type, ref, facts, parked };
  }
}

const keyOf = ({ gateway, eventId }: { readonly gateway: string; readonly eventId: string }): string =>
  `${gateway}\n${eventId}`;
