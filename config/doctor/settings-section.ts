import { SETTING_RULES } from '../setting-rules.ts';
import { InvalidSettings, parseSettings, type Settings } from '../settings.ts';
import { bad, type Finding, good, type Section } from './findings.ts';
import { misspelt } from './misspelt.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every setting with its value and where that comes from, and the settings themselves when nothing is wrong with them. */
export function settingsSection(environment: Environment): { section: Section; settings: Settings | undefined } {
  const names = Object.keys(SETTING_RULES) as (keyof typeof SETTING_RULES)[];
  const { problems, settings } = parsed(environment);
  const unclear = problems.filter(problem => !names.some(name => problem.startsWith(`${name} `)));
  const findings: Finding[] = names.flatMap(name => {
    const line = `${name.padEnd(30)}${valueOf(name, environment)}`;
    const wrong = problems.filter(problem => problem.startsWith(`${name} `));
    return wrong.length > 0 ? wrong.map((problem, index) => bad(index === 0 ? line : name, problem)) : [good(line)];
  });
  const others = misspelt(Object.keys(environment), names);
  const section = {
    title: 'Settings',
    findings: [...findings, ...unclear.map(problem => bad(problem)), ...others],
  };
  return { section, settings };
}

function parsed(environment: Environment): { problems: readonly string[]; settings: Settings | undefined } {
  try {
    return { problems: [], settings: parseSettings(environment) };
  } catch (error) {
    if (error instanceof InvalidSettings) return { problems: error.problems, settings: undefined };
    throw error;
  }
}

function valueOf(name: keyof typeof SETTING_RULES, environment: Environment): string {
  const given = environment[name];
  if (given) return `${shown(name, given)}  (set)`;
  const { flags } = SETTING_RULES[name].describe() as { flags?: { default?: string | number | boolean } };
  return flags?.default === undefined || flags.default === '' ? 'not set' : `${flags.default}  (default)`;
}

const SECRET = /KEY|SECRET|PASSWORD|PEPPER|TOKEN/;

/** A value that may be read over a shoulder: without secrets, without what would move the cursor. */
export function shown(name: string, value: string): string {
  if (SECRET.test(name)) return '(hidden)';
  return value
    .replace(
      /(?<=:\/\/)[^/?#]*(?=@)|(?<=:\/\/).*(?=@)/s,
      login => `${login.split(':')[0]}${login.includes(':') ? ':***' : ''}`,
    )
    .replace(/(?<=[?&]password=)[^&]*/gi, '***')
    .replace(/\p{Cc}/gu, ' ');
}
