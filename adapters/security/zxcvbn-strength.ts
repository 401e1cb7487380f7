import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ZxcvbnFactory, ZxcvbnResult } from '@zxcvbn-ts/core';
import type { PasswordStrength } from '../../application/ports/password-strength.ts';
import { Semaphore } from './semaphore.ts';

/** Its time grows with the square of the length; what is hard to guess by then does not get easier. */
const LONGEST_JUDGED = 32;

/** It tries each of them on each word: a hundred, as it would by itself, take ten times as long and find no more. */
const MOST_SUBSTITUTIONS = 5;

/** 10^6 guesses: below that it gives way to somebody who tries the usual ones at the door. */
const LOWEST_SCORE = 2;

/** Its word lists take a third of a second and 60 MB, so they are loaded when the first password is chosen. */
export class ZxcvbnStrength implements PasswordStrength {
  /** One at a time, with a turn for everybody else in between: it counts without a pause. */
  readonly #turns = new Semaphore(1);
  #loaded: Promise<ZxcvbnFactory> | undefined;

  weaknessOf(password: string, about: readonly string[]): Promise<string | undefined> {
    return this.#turns.run(async () => {
      const zxcvbn = await (this.#loaded ??= load());
      await nextTurn();
      const { score, feedback } = zxcvbn.check(beginningOf(password), [...about]);
      return score < LOWEST_SCORE ? inWords(feedback) : undefined;
    });
  }
}

async function load(): Promise<ZxcvbnFactory> {
  const core = await import('@zxcvbn-ts/core');
  await nextTurn();
  const common = await import('@zxcvbn-ts/language-common');
  await nextTurn();
  const english = await import('@zxcvbn-ts/language-en');
  await nextTurn();
  return new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
    l33tMaxSubstitutions: MOST_SUBSTITUTIONS,
  });
}

/** Whole characters, not halves of them. */
// oxlint-disable-next-line typescript/no-misused-spread -- Characters are meant as Unicode counts them.
const beginningOf = (password: string): string => [...password].slice(0, LONGEST_JUDGED).join('');

const inWords = ({ warning, suggestions }: ZxcvbnResult['feedback']): string =>
  ['is too easy to guess.', warning, ...suggestions].filter(Boolean).join(' ');
