import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTING_RULES } from '../../config/setting-rules.ts';
import { parseSettings } from '../../config/settings.ts';
import { type Page, root } from './pages.ts';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** What a page tells its reader to do, and what it then shows. */
export interface Step {
  readonly command: string;
  readonly shown: Page['blocks'][number] | undefined;
}

/** Blocks of commands, each with the block of output that follows it. */
export const stepsOf = ({ blocks }: Page): Step[] =>
  blocks.flatMap((block, index) => {
    if (block.language !== 'sh') return [];
    const next = blocks[index + 1];
    return [{ command: block.text, shown: next && ['json', 'text'].includes(next.language) ? next : undefined }];
  });

/** Commands that a test cannot run inside a test run, that take long, or need a server; they are looked at instead. */
const NOT_RUN = new RegExp(
  String.raw`^(?:[A-Z_]+=\S+ )*(?:${[
    String.raw`(?:npm (?:ci|start|test|run (?:migrate|audit:verify|keys:rotate|search:reindex|search:verify|docs|simulate|torture|bench:checkout))(?: -- .+)?(?: && |$))+`,
    String.raw`node dist/config/sandbox-bank\.js(?: \S+)*`,
    String.raw`createdb \w+`,
    String.raw`(?:pg_dump|pg_restore|psql) .+`,
  ].join('|')})$`,
);

export const isRun = ({ command }: Step): boolean =>
  !command
    .trim()
    .split('\n')
    .every(line => NOT_RUN.test(line));

/** What is wrong with commands that are only looked at: scripts, options and settings must be there, and the values good. */
export function problemsOf(command: string): string[] {
  return command
    .trim()
    .split('\n')
    .flatMap(line => {
      const named = [...line.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name]) => name!);
      const missing = named.filter(name => name !== 'ci' && !(name in scripts));
      const given = Object.fromEntries(
        [...line.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
      );
      const unknown = Object.keys(given).filter(name => !(name in SETTING_RULES));
      return [...missing, ...unknown, ...refusalOf(given), ...unknownOptions(line)];
    });
}

/** Options that the program does not declare. */
function unknownOptions(line: string): string[] {
  const script = /npm run ([\w:]+) -- /.exec(line)?.[1];
  const program = /dist\/(\S+)\.js/.exec(script === undefined ? line : (scripts[script] ?? ''))?.[1];
  if (program === undefined) return [];
  const source = readFileSync(join(root, `${program}.ts`), 'utf8');
  const options = [...line.matchAll(/ --([\w-]+)/g)].map(([, name]) => name!);
  return options.filter(name => !source.includes(`  ${name}: { type: `)).map(name => `--${name}`);
}

function refusalOf(given: Readonly<Record<string, string>>): string[] {
  try {
    parseSettings(given);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
