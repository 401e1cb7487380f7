import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Shop } from '../http/shop.ts';
import { root } from './pages.ts';

const read = (file: string): string => readFileSync(join(root, 'docs/operations', file), 'utf8');

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const dashboard = JSON.parse(read('dashboard.json')) as Dashboard;
const shown = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
const watched = [...read('alerts.yaml').matchAll(/^ +expr: (.+)$/gm)].map(match => match[1]!);

/** What Prometheus makes by itself. */
const OF_PROMETHEUS = new Set(['up']);

/** Words that stand where a metric does: not a function, not a label, not text, not a keyword. */
function metricsIn(expression: string): string[] {
  const bare = expression
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\bby *\([^)]*\)/g, '');
  return [...bare.matchAll(/\b([a-z][a-z0-9_]*)\b(?! *\()/g)]
    .map(match => match[1]!)
    .filter(word => !['and', 'or', 'unless', 'by', 'sum', 'max', 'min'].includes(word));
}

/** Labels, with the values that are asked for by name. */
function labelsIn(expression: string): string[] {
  const matched = [...expression.matchAll(/([a-z]+)(?:=~|!~|!=|=)"/g)].map(match => match[1]!);
  const grouped = [...expression.matchAll(/\bby *\(([^)]*)\)/g)].flatMap(match => match[1]!.split(/, */));
  return [...matched, ...grouped].filter(label => !['job', 'instance'].includes(label));
}

describe('the dashboard and the alerts', () => {
  let text = '';

  before(async () => {
    // A pool is there only where there is a database; its figures are named by what a shop without one exposes not.
    const shop = await Shop.open('memory:');
    await shop.anonymous.get('/products');
    text = (await shop.root.get('/metrics')).text;
    await shop.close();
  });

  const exposed = (): Set<string> =>
    new Set([
      ...OF_PROMETHEUS,
      'database_pool_connections',
      ...[...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name, type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name!],
      ),
    ]);

  const LABELS = ['route', 'method', 'status', 'le', 'outcome', 'class', 'state', 'part', 'quantile'];

  it('ask only for figures that the shop shows', () => {
    expect(shown.length).to.be.above(10);
    expect(watched.length).to.be.above(10);
    const names = exposed();
    for (const expression of [...shown, ...watched]) {
      expect(metricsIn(expression), expression).not.to.have.length(0);
      for (const name of metricsIn(expression)) expect([...names], expression).to.include(name);
      for (const label of labelsIn(expression)) expect(LABELS, expression).to.include(label);
    }
  });

  it('are held to that by a check that notices a figure and a label that are not there', () => {
    expect(metricsIn('sum by (x) (rate(no_such_total{a="b"}[5m])) / up > 0.1')).to.deep.equal(['no_such_total', 'up']);
    expect([...exposed()]).not.to.include('no_such_total');
    expect(labelsIn('sum by (le, x) (rate(a{b=~"c"}[5m]))')).to.deep.equal(['b', 'le', 'x']);
  });

  it('leave no figure unwatched', () => {
    const used = new Set([...shown, ...watched].flatMap(metricsIn));
    const unused = [...exposed()].filter(name => !used.has(name) && !name.endsWith('_sum'));
    expect(unused).to.deep.equal([]);
  });
});
