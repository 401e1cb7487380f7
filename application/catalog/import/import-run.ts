import {
  brokenOff,
  type ImportNote,
  type ImportOutcome,
  type ProductImport,
  withOutcome,
} from '../../../domain/catalog/product-import.ts';
import type { Currency } from '../../../domain/shared/currency.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import type { UnitOfWork } from '../../ports/unit-of-work.ts';
import type { Batch, Block } from './batches.ts';
import { Claims } from './claims.ts';
import { planBatch, writePlans } from './import-batch.ts';
import { Rehearsal } from './rehearsal.ts';
import { Shelves } from './shelves.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** One import on its way: its report, and what it remembers from batch to batch. */
export class ImportRun {
  readonly #ports: Ports;
  readonly #currency: Currency;
  readonly #claims = Claims.none();
  readonly #rehearsal: Rehearsal | undefined;
  #shelves: Shelves | undefined;
  #report: ProductImport;

  constructor(ports: Ports, report: ProductImport, currency: Currency) {
    this.#ports = ports;
    this.#currency = currency;
    this.#report = report;
    this.#rehearsal = report.dryRun ? new Rehearsal() : undefined;
  }

  async start(): Promise<void> {
    await this.#save({ ...this.#report, status: 'running', updatedAt: this.#ports.clock.now() });
  }

  /** All or nothing; when a rule forbids it, product by product, so that one does not take down its neighbours. */
  async take(batch: Batch): Promise<void> {
    try {
      await this.#commit(batch);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.#commit({ ...batch, blocks: [] });
      for (const block of batch.blocks) await this.#takeAlone(block, []);
    }
  }

  async end(status: 'completed' | 'failed'): Promise<ProductImport> {
    await this.#save({ ...this.#report, status, updatedAt: this.#ports.clock.now() });
    return this.#report;
  }

  async breakOff(): Promise<void> {
    const message = 'The import was interrupted: send the file again.';
    await this.#save(brokenOff(this.#report, message, this.#ports.clock.now()));
  }

  async #takeAlone(block: Block, refused: readonly ImportNote[]): Promise<void> {
    // Somebody else may have made or deleted a category since they were read.
    this.#shelves = undefined;
    try {
      await this.#commit({ blocks: block.rows.length > 0 ? [block] : [], refused, fatal: false });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const guilty = block.rows.filter(({ sku }) => sku !== '' && sku === error.details['sku']);
      const left = guilty.length > 0 ? block.rows.filter(row => !guilty.includes(row)) : [];
      const out = block.rows.filter(row => !left.includes(row));
      const notes = out.map(({ row, handle }) => ({ row, handle, message: error.message }));
      await this.#takeAlone({ ...block, rows: left }, [...refused, ...notes]);
    }
  }

  async #commit(batch: Batch): Promise<void> {
    const act = { at: this.#ports.clock.now(), by: this.#report.createdBy };
    const done = await this.#ports.unitOfWork.run(async collections => {
      // The work may run again, so it changes drafts only.
      const shelves = this.#shelves?.draft() ?? Shelves.of(await collections.categories.findAll());
      const claims = this.#claims.draft();
      const tools = {
        currency: this.#currency,
        ids: this.#ports.ids,
        rehearsal: this.#rehearsal,
        act,
        claims,
        shelves,
      };
      const plans = await planBatch(collections, batch, tools);
      if (!this.#report.dryRun) await writePlans(collections, plans, shelves);
      const report = withOutcome(
        this.#report,
        sum(
          plans.map(plan => plan.outcome),
          batch.refused,
        ),
        act.at,
      );
      await collections.productImports.save(report);
      return { report, plans, claims, shelves };
    });
    this.#report = done.report;
    this.#shelves = done.shelves;
    done.claims.keep();
    this.#rehearsal?.keep(done.plans);
  }

  async #save(report: ProductImport): Promise<void> {
    await this.#ports.unitOfWork.run(({ productImports }) => productImports.save(report));
    this.#report = report;
  }
}

const sum = (outcomes: readonly ImportOutcome[], refused: readonly ImportNote[]): ImportOutcome => {
  const total = (count: 'created' | 'updated' | 'skipped') =>
    outcomes.reduce((rows, outcome) => rows + outcome[count], 0);
  return {
    created: total('created'),
    updated: total('updated'),
    skipped: total('skipped'),
    errors: [...refused, ...outcomes.flatMap(({ errors }) => errors)],
    warnings: outcomes.flatMap(({ warnings }) => warnings),
  };
};
