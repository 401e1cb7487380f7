interface Line {
  readonly at: number;
  readonly who: string;
  readonly text: string;
  readonly about: readonly string[];
}

/** What happened in a simulated world, in words; kept only where somebody will read it. */
export class Story {
  readonly #lines: Line[] = [];
  readonly #names = new Map<string, string>();

  /** @param about ids of the orders, carts or customers that it concerns; nobody's: everybody's */
  tell(at: number, who: string, text: string, about: readonly (string | null | undefined)[] = []): void {
    this.#lines.push({ at, who, text, about: about.filter(id => typeof id === 'string') });
  }

  /** From now on the id is called by this name. */
  name(id: string, name: string): void {
    this.#names.set(id, name);
  }

  /** The last lines that concern all, or any of these ids. */
  read(about: readonly string[], most: number): string {
    const start = this.#lines[0]?.at ?? 0;
    const concerns = (line: Line) => line.about.length === 0 || line.about.some(id => about.includes(id));
    const lines = about.length > 0 ? this.#lines.filter(concerns) : this.#lines;
    return lines
      .slice(-most)
      .map(
        ({ at, who, text }) =>
          `${((at - start) / 1000).toFixed(2).padStart(9)} s  ${who.padEnd(12)} ${this.named(text)}`,
      )
      .join('\n');
  }

  /** Of every word of it: two runs of a seed have the same. */
  text(): string {
    return this.#lines.map(({ at, who, text }) => `${at} ${who} ${text}`).join('\n');
  }

  /** With names for ids. */
  named(text: string): string {
    return text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, id => this.#names.get(id) ?? id);
  }
}
