import { expect } from 'chai';
import { projectFiles, projectRoot, sourceFile, sourcesOf, textOf } from './project.ts';
import type { SourceFile } from './rules.ts';
import { importsOf } from './source-text.ts';

const root = projectRoot();
const sources = sourcesOf(root, projectFiles(root)).filter(({ path }) =>
  /^(?:adapters|application|config)\//.test(path),
);

/** Who may open lines, and why they need not, or do, ask the guard. */
const KNOWN: Readonly<Record<string, string>> = {
  'adapters/payments/json-exchange.ts': 'lines by the agents that it is given',
  'adapters/stripe/bounded-http-client.ts': 'lines by the agents that it is given',
  'adapters/mail/smtp-mailer.ts': 'only to the host that SMTP_URL names',
  'adapters/system/guarded-agents.ts': 'the guarded agents themselves',
  'adapters/payments/sandbox-server.ts': 'listens',
  'adapters/embedded-postgres/supervise.ts': 'a pipe to its own child',
  'config/app.ts': 'listens',
  'config/doctor/port.ts': 'listens, to see whether a port is free',
};

const LINES = /^node:(?:http|https|http2|net|tls|dgram)$|^(?:undici|axios|got|node-fetch|nodemailer)$/;

/** Types, and the arithmetic of addresses, open nothing. */
const opensNothing = (text: string, name: string): boolean =>
  [...text.matchAll(new RegExp(String.raw`import\s+(type\s+)?([^;]*?)\s+from\s+'${name}'`, 'g'))].every(
    ([, type, names]) => type !== undefined || /^\{\s*(?:(?:type \w+|BlockList|isIP(?:v[46])?),?\s*)+\}$/.test(names!),
  );

const opensLines = (file: SourceFile, text: string): boolean =>
  importsOf(file).some(name => LINES.test(name) && !opensNothing(text, name)) || /\bfetch\s*\(/.test(file.code);

describe('Whoever opens a line to the outside', () => {
  it('is known, and goes through the guard', () => {
    const found = sources.filter(file => opensLines(file, textOf(root, file.path) ?? '')).map(({ path }) => path);
    expect(found.toSorted()).to.deep.equal(Object.keys(KNOWN).toSorted());
  });

  it('would be found', () => {
    for (const text of [
      `import http from 'node:http';`,
      `import { connect } from 'node:net';`,
      `const answer = await fetch('https://a.example');`,
      `import { isIP, connect } from 'node:net';`,
    ])
      expect(opensLines(sourceFile('adapters/x/y.ts', text), text), text).to.equal(true);
    for (const text of [`import type { Server } from 'node:http';`, `import { BlockList, isIPv4 } from 'node:net';`])
      expect(opensLines(sourceFile('adapters/x/y.ts', text), text), text).to.equal(false);
  });
});
