import { SETTING_RULES } from '../setting-rules.ts';
import { code, codes, page, table } from './markdown.ts';

interface Rule {
  readonly name: string;
  readonly args?: { readonly limit?: number };
}

/** The part of Joi's `describe()` that the pages show. */
interface Description {
  readonly type: string;
  readonly flags: { readonly default?: unknown; readonly description: string; readonly only?: boolean };
  readonly allow?: readonly unknown[];
  readonly rules?: readonly Rule[];
}

/** The currencies are too many to name. */
const MOST_VALUES = 10;

const described = Object.entries(SETTING_RULES).map(([name, schema]) => ({
  name,
  ...(schema.describe() as unknown as Description),
}));

export const settingsPage = (): string =>
  page(
    'Settings',
    `The shop reads its settings from the environment. There is no settings file: [\`.env.example\`](../../.env.example)
lists the same names for tools that load one. A wrong setting stops the start with one message that names every problem.
With \`NODE_ENV=production\` the shop also demands real secrets and refuses demo data.`,
    table(
      ['Name', 'Default', 'Takes', 'Meaning'],
      described.map(setting => [
        code(setting.name),
        setting.flags.default === undefined ? 'unset' : code(textOf(setting.flags.default) || '(empty)'),
        takes(setting),
        setting.flags.description,
      ]),
    ),
  );

/** For programs that read such a file; each line shows what holds when it is left as it is. */
export const envExample = (): string =>
  [
    '# Written by `npm run docs` from config/settings.ts. Every line shows the default; take off the # to change it.\n',
    ...described.map(({ name, flags }) => {
      const meaning = flags.description.replaceAll('`', '');
      return `# ${meaning}\n# ${name}=${textOf(flags.default)}\n`;
    }),
  ].join('\n');

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

function takes({ type, flags, allow = [], rules = [] }: Description): string {
  if (flags.only) return allow.length > MOST_VALUES ? 'an ISO 4217 code' : codes(allow.map(String));
  if (type === 'boolean') return codes(['true', 'false']);
  const limit = (name: string) => rules.find(rule => rule.name === name)?.args?.limit;
  const [min, max] = [limit('min'), limit('max')];
  if (rules.some(rule => rule.name === 'port')) return 'a port, or 0';
  if (type === 'number') return `a whole number from ${min} to ${max}`;
  return min === undefined ? 'text' : `${min} to ${max} characters`;
}
