import type { Knex } from 'knex';

import * as theShop from './20261121000000_the_shop.ts';
import * as settlement from './20261121120000_settlement.ts';
import * as resumedOrders from './20261121180000_resumed_orders.ts';
import * as lostAnswers from './20261121190000_lost_answers.ts';
import * as auditLog from './20261122000000_audit_log.ts';
import * as sealedPersonalData from './20261122010000_sealed_personal_data.ts';
import * as rolesAndKeys from './20261122020000_roles_and_keys.ts';
import * as oneTimeTokensAndMfa from './20261122030000_one_time_tokens_and_mfa.ts';
import * as search from './20261122040000_search.ts';

interface NamedMigration extends Knex.Migration {
  readonly name: string;
}

/** In the order in which they are applied. Listed by hand, so that they are found compiled or not. */
export const MIGRATIONS: readonly NamedMigration[] = [
  { name: '20261121000000_the_shop', ...theShop },
  { name: '20261121120000_settlement', ...settlement },
  { name: '20261121180000_resumed_orders', ...resumedOrders },
  { name: '20261121190000_lost_answers', ...lostAnswers },
  { name: '20261122000000_audit_log', ...auditLog },
  { name: '20261122010000_sealed_personal_data', ...sealedPersonalData },
  { name: '20261122020000_roles_and_keys', ...rolesAndKeys },
  { name: '20261122030000_one_time_tokens_and_mfa', ...oneTimeTokensAndMfa },
  { name: '20261122040000_search', ...search },
];

export const migrationSource: Knex.MigrationSource<NamedMigration> = {
  getMigrations: async () => [...MIGRATIONS],
  getMigrationName: migration => migration.name,
  getMigration: async migration => migration,
};
