import { newImport, type ProductImport } from '../../domain/catalog/product-import.ts';
import { ImportId, type UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface StartProductImportCommand {
  readonly dryRun: boolean;
  readonly by: UserId | null;
}

/** Stores a report that is pending, for `ImportProducts` to go on with. */
export class StartProductImport {
  readonly #ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock; readonly ids: Ids };

  constructor(ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock; readonly ids: Ids }) {
    this.#ports = ports;
  }

  async execute({ dryRun, by }: StartProductImportCommand): Promise<ProductImport> {
    const { unitOfWork, clock, ids } = this.#ports;
    const report = newImport({ id: ImportId(ids.next()), dryRun, by, at: clock.now() });
    await unitOfWork.run(({ productImports }) => productImports.save(report));
    return report;
  }
}
