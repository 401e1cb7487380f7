/** `bad` would stop a start; `odd` deserves a look. */
export interface Finding {
  readonly mark: 'good' | 'odd' | 'bad';
  /** One line. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

export const good = (text: string): Finding => ({ mark: 'good', text });
export const odd = (text: string, remedy?: string): Finding => ({ mark: 'odd', text, ...(remedy && { remedy }) });
export const bad = (text: string, remedy?: string): Finding => ({ mark: 'bad', text, ...(remedy && { remedy }) });

/** The first line of what an error says. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return (error.message || error.name).split('\n')[0]!;
}

const MARKS = { good: '✓', odd: '!', bad: '✗' } as const;

/** For a terminal, and for a mail to whoever helps: it holds no secret. */
export function render(sections: readonly Section[]): string {
  const lines = sections.flatMap(({ title, findings }) => [
    '',
    title,
    ...findings.flatMap(({ mark, text, remedy }) => [
      `  ${MARKS[mark]} ${text}`,
      ...(remedy ? [`      ${remedy.replaceAll('\n', '\n      ')}`] : []),
    ]),
  ]);
  return `${[...lines, '', verdict(sections)].join('\n').trimStart()}\n`;
}

export const wouldStart = (sections: readonly Section[]): boolean => count(sections, 'bad') === 0;

function verdict(sections: readonly Section[]): string {
  const [problems, oddities] = [count(sections, 'bad'), count(sections, 'odd')];
  if (problems > 0) return `${problems === 1 ? 'One thing stands' : `${problems} things stand`} in the way of a start.`;
  return oddities > 0 ? 'The shop would start. Look at what is marked with !' : 'The shop would start.';
}

const count = (sections: readonly Section[], mark: Finding['mark']): number =>
  sections.flatMap(({ findings }) => findings).filter(finding => finding.mark === mark).length;
