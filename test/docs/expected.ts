import { expect } from 'chai';
import type { Block } from './pages.ts';

/** Mocha says it of slow tests, and of all together. */
const HOW_LONG = / \(\d+m?s\)$/;

/** Whether a command said what the page shows, which may be less than all of it; `…` stands for anything. */
export function requireShown(shown: Block, said: string): void {
  if (shown.language === 'json') return requireJson(JSON.parse(shown.text), lastJsonOf(said), 'the answer');
  const lines = shown.text.split('\n').filter(line => line.trim() && line.trim() !== '…');
  let rest = said.split('\n');
  for (const line of lines) {
    const found = rest.findIndex(candidate => isLine(line.trim(), candidate.trim()));
    expect(found, `"${line.trim()}" in\n${said}`).to.be.at.least(0);
    rest = rest.slice(found + 1);
  }
}

/** Objects may have more fields, and lists of objects more entries, than the page shows. */
function requireJson(shown: unknown, said: unknown, where: string): void {
  if (typeof shown === 'string') {
    expect(said, where)
      .to.be.a('string')
      .and.satisfy((text: string) => matches(shown, text), `${where} is "${shown}"`);
  } else if (Array.isArray(shown)) {
    expect(said, where).to.be.an('array');
    const entries = said as unknown[];
    if (shown.length === 0) expect(entries, where).to.deep.equal([]);
    shown.forEach((entry, index) => requireJson(entry, entries[index], `${where}[${index}]`));
  } else if (typeof shown === 'object' && shown !== null) {
    expect(said, where).to.be.an('object');
    for (const [key, value] of Object.entries(shown))
      requireJson(value, (said as Record<string, unknown>)[key], `${where}.${key}`);
  } else expect(said, where).to.equal(shown);
}

function lastJsonOf(said: string): unknown {
  const line = said.split('\n').findLast(candidate => candidate.startsWith('{'));
  if (line === undefined) throw new Error(`No JSON in "${said}"`);
  // Answers follow each other without a line break.
  return JSON.parse(line.slice(line.lastIndexOf('}{') + 1));
}

/** With or without how long it took. */
const isLine = (pattern: string, line: string): boolean =>
  matches(pattern, line) || matches(pattern, line.replace(HOW_LONG, ''));

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('…').map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
