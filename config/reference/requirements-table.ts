import { posix as path } from 'node:path';

/** The states that a requirement can be in, the best first. */
export const VERDICTS = ['done', 'partly', 'not yet'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Requirement {
  readonly id: string;
  readonly what: string;
  readonly verdict: Verdict;
  /** Where it is shown, as markdown links. */
  readonly where: string;
}

const ROW = /^\| (R\d{3}) +\| (.+?) +\| (done|partly|not yet) +\| (.*?) *\|$/;

/** The rows of docs/reference/requirements.md. */
export const requirementsOf = (text: string): Requirement[] =>
  text.split('\n').flatMap(line => {
    const [, id, what, verdict, where] = ROW.exec(line) ?? [];
    return id ? [{ id, what: what!, verdict: verdict as Verdict, where: where! }] : [];
  });

export const countsOf = (requirements: readonly Requirement[]): string =>
  VERDICTS.map(
    verdict => `${requirements.filter(requirement => requirement.verdict === verdict).length} ${verdict}`,
  ).join(' · ');

const MARKS = ['<!-- requirements: begin -->', '<!-- requirements: end -->'] as const;

const seenFromRoot = (markdown: string): string =>
  markdown.replaceAll(/\]\(([^)]+)\)/g, (_link, to: string) => `](${path.join('docs/reference', to)})`);

/** The README with the requirements as they now are between its two marks. @throws when the marks are missing */
export function withRequirements(readme: string, requirementsPage: string): string {
  const [begin, end] = MARKS.map(mark => readme.indexOf(mark));
  if (begin! < 0 || end! < begin!) throw new Error('README.md has lost the marks around its requirements.');
  const requirements = requirementsOf(requirementsPage);
  const rows = requirements.map(
    ({ id, what, verdict, where }) => `| ${id} | ${what} | ${verdict} | ${seenFromRoot(where)} |`,
  );
  const block = [
    MARKS[0],
    '<!-- prettier-ignore-start -->',
    `<details>\n<summary>${requirements.length} requirements: ${countsOf(requirements)}</summary>`,
    ['| Id | What | State | Where |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    '</details>',
    '<!-- prettier-ignore-end -->',
    '',
  ].join('\n\n');
  return readme.slice(0, begin) + block.trimEnd() + '\n\n' + readme.slice(end);
}
