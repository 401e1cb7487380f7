/** A piece of compiled code that is replaced as its module is loaded. It must stand there exactly once. */
export interface Edit {
  /** Path inside the compiled project, without its ending. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A guard of the checkout, and what takes it out: all of its layers, where it has several. */
export interface Mutant {
  readonly guard: string;
  readonly edits: readonly Edit[];
}

/** The code without the guard. @throws when a piece that is to be replaced does not stand in it exactly once */
export function applyEdits(file: string, code: string, edits: readonly Edit[]): string {
  return edits
    .filter(edit => edit.file === file)
    .reduce((text, { from, to }) => {
      const pieces = text.split(from);
      if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times: ${from}`);
      return pieces.join(to);
    }, code);
}
