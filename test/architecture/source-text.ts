/** What a source file says, with comments gone and every text taken out of it: `"7"` in `code` stands for `texts[7]`. */
export interface Source {
  readonly code: string;
  readonly texts: readonly string[];
}

const TOKEN = new RegExp(
  [
    String.raw`\/\/.*|\/\*[\s\S]*?\*\/`, // Comments.
    String.raw`'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"`,
    // Templates; those inside of their interpolations one level deep.
    String.raw`\`(?:\\[\s\S]|\$\{(?:[^{}\`]|\{[^{}]*\}|\`[^\`]*\`)*\}|[^\`\\])*\``,
    // Regular expressions stand where a value may begin, never after one.
    String.raw`(?<=(?:^|[=(,:;[!&|?{}>]|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*`,
  ].join('|'),
  'gm',
);

export function read(text: string): Source {
  const texts: string[] = [];
  return { code: codeOf(text, texts), texts };
}

function codeOf(text: string, texts: string[]): string {
  return text.replace(TOKEN, token => {
    if (/^\/[/*]/.test(token)) return ' ';
    const index = texts.push(token.startsWith('/') ? token : token.slice(1, -1)) - 1;
    if (!token.startsWith('`')) return `"${index}"`;
    // What a template interpolates is code like any other.
    const inner = [...token.matchAll(INTERPOLATION)].map(([, part]) => ` + (${codeOf(part!, texts)})`);
    return `"${index}"${inner.join('')}`;
  });
}

const INTERPOLATION = /\$\{((?:[^{}]|\{[^{}]*\})*)\}/g;

/** Stands for `import(…)` of something that is only known when it runs. */
export const COMPUTED = '<computed>';

/** All that a file imports or exports from, statically or not, types too; in no particular order. */
export function importsOf({ code, texts }: Source): string[] {
  const fixed = /\b(?:import|export)\b[^;"]*?\bfrom\s*"(\d+)"|\bimport\s*"(\d+)"/g;
  const called = /\b(?:import|require)\s*\(\s*(?:"(\d+)"\s*[,)])?/g;
  const found = (index: string | undefined) => (index === undefined ? COMPUTED : texts[Number(index)]!);
  return [
    ...[...code.matchAll(fixed)].map(([, from, bare]) => found(from ?? bare)),
    ...[...code.matchAll(called)].map(([, index]) => found(index)),
  ];
}
