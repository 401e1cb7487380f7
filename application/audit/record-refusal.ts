import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Keeps in the audit trail that somebody known tried what they may not. */
export class RecordRefusal {
  readonly #unitOfWork: UnitOfWork;

  constructor(ports: { unitOfWork: UnitOfWork }) {
    this.#unitOfWork = ports.unitOfWork;
  }

  /** In a unit of work of its own: what was refused leaves nothing else behind. */
  async execute({ route, lacking }: { route: string; lacking: readonly string[] }): Promise<void> {
    const subject = { type: 'route', id: route };
    await this.#unitOfWork.run(async ({ audit }) =>
      audit.add({ action: 'access.refused', outcome: 'refused', subject, after: { lacking } }),
    );
  }
}
