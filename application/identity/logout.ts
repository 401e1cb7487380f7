import type { AccessTokenRef } from '../../domain/identity/session.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { endSession } from './end-session.ts';

export class Logout {
  readonly #ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock };

  constructor(ports: { unitOfWork: UnitOfWork; clock: Clock }) {
    this.#ports = ports;
  }

  async execute(command: { accessToken: AccessTokenRef }): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    await unitOfWork.run(async collections => {
      await collections.revokedTokens.add([command.accessToken]);
      const session = await collections.sessions.findByAccessToken(command.accessToken.id);
      if (session) await endSession(collections, session, clock.now());
    });
  }
}
