import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Knex } from 'knex';
import type { Route } from '../../adapters/http/route.ts';
import { createApp } from '../app.ts';
import { parseSettings } from '../settings.ts';
import { PROJECT_ROOT } from '../version.ts';
import { accessPage } from './access-page.ts';
import { errorsPage } from './errors-page.ts';
import { withRequirements } from './requirements-table.ts';
import { routesPage } from './routes-page.ts';
import { envExample, settingsPage } from './settings-page.ts';
import { statesPage } from './states-page.ts';
import { tablesPage } from './tables-page.ts';

const textOf = (file: string): string => readFileSync(path.join(PROJECT_ROOT, file), 'utf8');

const ofRoutes = (make: (routes: readonly Route[]) => string) => async (): Promise<string> => {
  const app = await createApp(parseSettings({ DATABASE_URL: 'memory:' }));
  try {
    return make(app.routes);
  } finally {
    await app.close();
  }
};

/**
 * What the program says about itself: a path of the project, and the text that belongs there.
 * @param database must have been migrated
 */
export const PAGES: Readonly<Record<string, (database: Knex) => string | Promise<string>>> = {
  '.env.example': envExample,
  'docs/reference/settings.md': settingsPage,
  'docs/reference/errors.md': errorsPage,
  'docs/reference/routes.md': ofRoutes(routesPage),
  'docs/reference/access.md': ofRoutes(accessPage),
  'docs/reference/states.md': statesPage,
  'docs/reference/tables.md': tablesPage,
  'README.md': () => withRequirements(textOf('README.md'), textOf('docs/reference/requirements.md')),
};
