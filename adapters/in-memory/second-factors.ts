import type { SecondFactorQueries, SecondFactors } from '../../application/ports/second-factors.ts';
import { SecondFactor } from '../../domain/identity/second-factor.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { requireRow } from './references.ts';
import type { Drafts, View } from './tables.ts';

export class InMemorySecondFactors implements SecondFactors {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async find(userId: UserId): Promise<SecondFactor | undefined> {
    const row = this.#drafts.secondFactors.get(userId);
    return row && SecondFactor.restore(row);
  }

  async save(factor: SecondFactor): Promise<void> {
    const row = factor.snapshot();
    requireRow(this.#drafts.users, row.userId, 'user');
    this.#drafts.secondFactors.set(row.userId, row);
  }

  async remove(userId: UserId): Promise<void> {
    this.#drafts.secondFactors.delete(userId);
  }
}

export class InMemorySecondFactorQueries implements SecondFactorQueries {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async isOn(userId: UserId): Promise<boolean> {
    return Boolean(this.#view.secondFactors.get(userId)?.confirmedAt);
  }
}
