interface Limits {
  /** How long whoever asks is kept waiting. */
  readonly patienceMs: number;
  /** For so long the last answer will do. */
  readonly freshMs?: number;
}

/**
 * A question to a part that may be slow, or never answer. It is asked once at a time, however many want to know: what
 * hangs does not pile up.
 */
export class PromptQuestion<Answer> {
  readonly #ask: () => Promise<Answer>;
  readonly #limits: Limits;
  #pending: Promise<Answer> | undefined;
  #last: { readonly answer: Answer; readonly at: number } | undefined;

  constructor(ask: () => Promise<Answer>, limits: Limits) {
    this.#ask = ask;
    this.#limits = limits;
  }

  /** @throws what the part throws, or an error when it takes too long */
  async answer(): Promise<Answer> {
    const { patienceMs, freshMs = 0 } = this.#limits;
    if (this.#last && performance.now() - this.#last.at < freshMs) return this.#last.answer;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`No answer within ${patienceMs} ms.`)), patienceMs);
    });
    try {
      return await Promise.race([(this.#pending ??= this.#begin()), enough]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #begin(): Promise<Answer> {
    try {
      const answer = await Promise.resolve().then(this.#ask);
      this.#last = { answer, at: performance.now() };
      return answer;
    } finally {
      this.#pending = undefined;
    }
  }
}
