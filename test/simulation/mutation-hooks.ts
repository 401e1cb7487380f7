import type { LoadHook } from 'node:module';
import { MUTANTS, ROOT } from './mutants.ts';
import { applyEdits } from './mutation.ts';

let guard = '';

export function initialize(data: { readonly guard: string }): void {
  guard = data.guard;
}

/** Loads modules as if the guard had never been written. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const edits = MUTANTS.find(mutant => mutant.guard === guard)!.edits;
  const edit = edits.find(({ file }) => url === `${ROOT.href}${file}.js`);
  if (!edit) return loaded;
  const code = Buffer.from(loaded.source as Uint8Array).toString();
  return { ...loaded, source: applyEdits(edit.file, code, edits) };
};
