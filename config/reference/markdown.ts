/** The start of every page that is written by the program; Prettier leaves the rest alone. */
export const page = (title: string, ...parts: readonly string[]): string =>
  [
    '<!-- prettier-ignore-start -->',
    '<!-- Written by `npm run docs`: change the source, not this page. -->',
    `# ${title}`,
    ...parts,
    '<!-- prettier-ignore-end -->\n',
  ].join('\n\n');

/** A table; cells may hold markdown, but no line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellOf).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A bar would end the cell, also between backticks. */
const cellOf = (text: string): string => text.replaceAll('\n', ' ').replaceAll('|', '\\|');

export const code = (text: string): string => `\`${text}\``;

export const codes = (texts: readonly string[]): string => texts.map(code).join(', ');

/** `Orders, for staff` → `orders-for-staff`, as GitHub makes anchors. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(/\s/g, '-');
