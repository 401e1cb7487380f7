import type { AccessTokenRef } from '../../domain/identity/session.ts';
import type { RevocationListener } from '../../application/ports/revoked-tokens.ts';
import type { Collections, UnitOfWork } from '../../application/ports/unit-of-work.ts';

/**
 * Tells whoever remembers good tokens of those that are not good any more: after the commit, and before the answer. It
 * stands here, so that no use case that ends a session can forget it.
 */
export class AnnouncingUnitOfWork implements UnitOfWork {
  readonly #unitOfWork: UnitOfWork;
  readonly #listener: RevocationListener;

  constructor(ports: { unitOfWork: UnitOfWork; listener: RevocationListener }) {
    this.#unitOfWork = ports.unitOfWork;
    this.#listener = ports.listener;
  }

  async run<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> {
    let tokens: AccessTokenRef[] = [];
    let cutoff: Date | undefined;
    const result = await this.#unitOfWork.run(collections => {
      tokens = []; // It may run again.
      cutoff = undefined;
      const { revokedTokens, sessionCutoff } = collections;
      return work({
        ...collections,
        revokedTokens: {
          add: async added => {
            await revokedTokens.add(added);
            tokens.push(...added);
          },
        },
        sessionCutoff: {
          find: () => sessionCutoff.find(),
          raise: async moment => {
            await sessionCutoff.raise(moment);
            cutoff = moment;
          },
        },
      });
    });
    if (tokens.length > 0 || cutoff) await this.#listener.heard({ tokens, cutoff });
    return result;
  }
}
