import type { ProductImport } from '../../domain/catalog/product-import.ts';
import type { Currency } from '../../domain/shared/currency.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { ProductSheets } from '../ports/product-sheets.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { batches } from './import/batches.ts';
import { ImportRun } from './import/import-run.ts';

export interface ImportProductsCommand {
  /** As `StartProductImport` gave it. */
  readonly report: ProductImport;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What prices are in: the shop's own. Products that are there already keep theirs. */
  readonly currency: Currency;
}

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly sheets: ProductSheets;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Takes products in from a sheet, batch by batch, however large it is. Products are known by their handle, variants by
 * SKU, else by their options. What the sheet does not mention stays as it is, so the same sheet again changes nothing.
 */
export class ImportProducts {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /**
   * The report is stored after every batch. Its status is `failed` when the sheet cannot be read to its end.
   * Rejects with what `bytes` or the store reject with; what was taken in until then stays, and the report says so.
   */
  async execute({ report, bytes, currency }: ImportProductsCommand): Promise<ProductImport> {
    const run = new ImportRun(this.#ports, report, currency);
    let readable = true;
    try {
      await run.start();
      for await (const batch of batches(this.#ports.sheets.read(bytes))) {
        await run.take(batch);
        readable &&= !batch.fatal;
      }
      return await run.end(readable ? 'completed' : 'failed');
    } catch (error) {
      // When the store itself is away this fails as well; the first failure says more.
      await run.breakOff().catch(() => undefined);
      throw error;
    }
  }
}
