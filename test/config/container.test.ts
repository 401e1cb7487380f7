import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../architecture/project.ts';

const root = projectRoot();
const image = readFileSync(join(root, 'Dockerfile'), 'utf8');
const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');

/** The lines of one block, by its anchor or name. */
const block = (head: RegExp): string => {
  const lines = compose.split('\n');
  const from = lines.findIndex(line => head.test(line));
  const depth = /^ */.exec(lines[from] ?? '')![0].length;
  const after = lines.slice(from + 1).findIndex(line => line.trim() !== '' && /^ */.exec(line)![0].length <= depth);
  return lines.slice(from, from + 1 + after).join('\n');
};

describe('The container', () => {
  it('is built in one stage and runs in another, without what only the build needs', () => {
    expect(image.match(/^FROM /gm)).to.have.length(2);
    expect(image).to.include('npm ci --ignore-scripts').and.include('npm prune --omit=dev');
  });

  it('runs as nobody in particular, and says how it is', () => {
    const last = image.slice(image.lastIndexOf('FROM '));
    expect(last).to.match(/^USER node$/m);
    expect(last.indexOf('USER node')).to.be.below(last.indexOf('CMD ["node", "--enable'));
    expect(last).to.match(/^HEALTHCHECK /m);
  });

  it('has no secret in any layer, nor a way to get one in', () => {
    expect(image).not.to.match(/^(?:ARG|ENV).*(?:SECRET|PASSWORD|PEPPER|KEY|TOKEN)/gim);
    expect(ignored.find(line => line !== '' && !line.startsWith('#'))).to.equal('*');
    expect(ignored.filter(line => line.startsWith('!'))).not.to.include.any.members([
      '!data',
      '!.env',
      '!.git',
      '!test',
    ]);
  });

  it('can do nothing to its machine', () => {
    const confined = block(/^x-confined:/);
    for (const rule of [
      'init: true',
      'read_only: true',
      'cap_drop: [ALL]',
      'no-new-privileges:true',
      'pids_limit:',
      'mem_limit:',
    ])
      expect(confined).to.include(rule);
    for (const head of [/^x-shop:/, /^ {2}bank:/]) expect(block(head)).to.include('<<: *confined');
    for (const head of [/^ {2}postgres:/, /^ {2}redis:/]) expect(block(head)).to.include('no-new-privileges:true');
  });

  it('and its servers are reached from its own machine alone', () => {
    const published = [...compose.matchAll(/^ +- ([\d.]+:)?\d+:\d+$/gm)].map(([line]) => line.trim());
    expect(published).to.have.length.above(0);
    for (const line of published) expect(line).to.match(/^- 127\.0\.0\.1:/);
  });
});
