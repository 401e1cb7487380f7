import { expect } from 'chai';
import { projectFiles, projectRoot, sourceFile, sourcesOf, textOf } from './project.ts';
import {
  applicationAsksItsPorts,
  applicationFolders,
  domainIsTimeless,
  eventsComeFromUseCases,
  importsPointInwards,
  noBarrels,
  noDefaultExports,
  onlyUnitsOfWorkHaveAnOutbox,
  sayWhereTheyWereMade,
  type SourceRule,
  strangersAtTheTop,
} from './rules.ts';
import { importsOf } from './source-text.ts';

const root = projectRoot();
const paths = projectFiles(root);
const sources = sourcesOf(root, paths);
const count = (layer: string) => sources.filter(({ path }) => path.startsWith(`${layer}/`)).length;

/** A rule, and sources that it must refuse and that it must let pass: `[path, text]`. */
interface Clause {
  readonly rule: SourceRule;
  readonly promises: string;
  readonly refuses: readonly (readonly [path: string, text: string])[];
  readonly allows: readonly (readonly [path: string, text: string])[];
}

const CLAUSES: readonly Clause[] = [
  {
    rule: importsPointInwards,
    promises: 'imports point inwards, and only config knows the container',
    refuses: [
      ['domain/cart/cart.ts', `import { v7 } from 'uuid';`],
      ['domain/cart/cart.ts', `import { createHash } from 'node:crypto';`],
      ['domain/cart/cart.ts', `import type { Clock } from '../../application/ports/clock.ts';`],
      ['domain/cart/cart.ts', `export { read } from '../../adapters/csv/read.ts';`],
      ['domain/cart/cart.ts', `import 'reflect-metadata';`],
      ['domain/cart/cart.ts', `type C = import('../../config/settings.ts').Settings;`],
      ['domain/cart/cart.ts', 'const later = () => import(`koa`);'],
      ['domain/cart/cart.ts', `const later = () => import(name);`],
      ['domain/cart/cart.ts', `const koa = require('koa');`],
      ['application/cart/change-cart.ts', `import { createHash } from 'node:crypto';`],
      ['application/cart/change-cart.ts', `import { AsyncLocalStorage } from 'node:async_hooks';`],
      ['application/cart/change-cart.ts', `import joi from 'joi';`],
      ['application/cart/change-cart.ts', `import {\n  KnexCarts,\n} from '../../adapters/knex/carts.ts';`],
      ['adapters/http/server.ts', `import { Carts } from '../knex/carts.ts';`],
      ['adapters/http/deep/route.ts', `import { Carts } from '../../knex/carts.ts';`],
      ['adapters/http/server.ts', `import { tool } from '../tool.ts';`],
      ['adapters/http/server.ts', `import { settings } from '../../config/settings.ts';`],
      ['adapters/http/server.ts', `import { Container } from 'inversify';`],
      ['adapters/http/server.ts', `import { aCart } from '../../test/support/builders.ts';`],
      ['config/container.ts', `import { aCart } from '../test/support/builders.ts';`],
      ['knexfile.ts', `import { aCart } from './test/support/builders.ts';`],
      ['test/config/container.test.ts', `import { Container } from 'inversify';`],
    ],
    allows: [
      ['domain/cart/cart.ts', `import { Money } from '../shared/money.ts';`],
      ['domain/cart/cart.ts', `// import { v7 } from 'uuid';\n/* import 'koa' */ const s = "import 'koa'";`],
      ['application/transaction-boundary.ts', `import { AsyncLocalStorage } from 'node:async_hooks';`],
      ['application/cart/change-cart.ts', `import type { Clock } from '../ports/clock.ts';`],
      ['adapters/http/deep/route.ts', `import Koa from 'koa';\nimport { x } from '../server.ts';`],
      ['adapters/knex/carts.ts', `import { Cart } from '../../domain/cart/cart.ts';\nimport 'node:fs';`],
      ['config/container.ts', `import { Container } from 'inversify';\nimport { x } from '../adapters/knex/x.ts';`],
      ['knexfile.ts', `import { x } from './adapters/knex/x.ts';`],
      ['test/x.test.ts', `import { x } from '../adapters/knex/x.ts';\nimport { expect } from 'chai';`],
    ],
  },
  {
    rule: domainIsTimeless,
    promises: 'the domain neither waits nor looks at the clock nor throws dice',
    refuses: [
      'const at = Date.now();',
      'const at = new Date();',
      'const at = new Date;',
      'const at = Date();',
      'const at = `${Date.now()}`;',
      'const n = Math.random();',
      'const id = crypto.randomUUID();',
      'setTimeout(run, 10);',
      'async function load() {}',
      'const x = await load();',
      'function load(): Promise<void> {}',
      'const { PORT } = process.env;',
      'const g = globalThis;',
      'const t = performance.now();',
    ].map(text => ['domain/cart/cart.ts', text] as const),
    allows: [
      ['domain/cart/cart.ts', 'const end = new Date(now.getTime() + 7);'],
      ['domain/cart/cart.ts', '/** A Promise is never async; Date.now() is asked elsewhere. */'],
      ['domain/cart/cart.ts', `const text = 'await Math.random()'; const quote = /["'\`]/; const x = a / b;`],
      ['application/cart/x.ts', 'async () => await load();'],
    ],
  },
  {
    rule: applicationAsksItsPorts,
    promises: 'the application asks its ports for the time and for ids',
    refuses: ['const at = new Date();', 'Date.now()', 'Math.random()', 'process.env.PORT', 'randomUUID()'].map(
      text => ['application/cart/x.ts', text] as const,
    ),
    allows: [
      ['application/cart/x.ts', 'const at = clock.now(); const end = new Date(at.getTime() + 7); await work();'],
      ['adapters/system/clock.ts', 'export const clock = { now: () => new Date() };'],
    ],
  },
  {
    rule: noDefaultExports,
    promises: 'everything is exported by its name',
    refuses: [
      ['config/x.ts', 'export default class X {}'],
      ['knexfile.ts', 'const settings = {};\nexport { settings as default };'],
    ],
    allows: [['config/x.ts', `// export default\nexport const x = 'export default';`]],
  },
  {
    rule: noBarrels,
    promises: 'nothing is imported by way of a barrel',
    refuses: [
      ['domain/cart/index.ts', 'export const x = 1;'],
      ['index.ts', ''],
      ['domain/cart/all.ts', `export * from './cart.ts';`],
      ['domain/cart/all.ts', `export * as cart from './cart.ts';`],
      ['domain/cart/all.ts', `export type * from './cart.ts';`],
    ],
    allows: [['adapters/search/search-index.ts', `export { x } from './y.ts';`]],
  },
  {
    rule: eventsComeFromUseCases,
    promises: 'only use cases put events into the outbox',
    refuses: [
      ['adapters/http/routes.ts', 'await outbox.add(order.events());'],
      ['adapters/knex/orders.ts', 'await this.outbox?.add([event]);'],
      ['config/main.ts', 'collections.outbox\n  .add([])'],
    ],
    allows: [
      ['application/ordering/cancel-order.ts', 'await collections.outbox.add(order.events());'],
      ['test/contracts/outbox.contract.ts', 'await outbox.add([event]);'],
      ['adapters/knex/relay.ts', 'await outbox.drain(); seen.add(event);'],
    ],
  },
  {
    rule: onlyUnitsOfWorkHaveAnOutbox,
    promises: 'a use case has an outbox only inside a unit of work',
    refuses: [['application/ordering/cancel-order.ts', `import type { Outbox } from '../ports/outbox.ts';`]],
    allows: [
      ['application/ports/unit-of-work.ts', `import type { Outbox } from './outbox.ts';`],
      ['adapters/knex/outbox.ts', `import type { Outbox } from '../../application/ports/outbox.ts';`],
    ],
  },
];

/** In pieces, so that this file does not say it itself. */
const folder = (name: string): string => `/${name}`;

describe('The house', () => {
  it('was looked at: its files and their imports were found', () => {
    expect(count('domain'), 'domain').to.be.at.least(25);
    expect(count('application'), 'application').to.be.at.least(50);
    expect(count('adapters'), 'adapters').to.be.at.least(20);
    expect(count('test'), 'test').to.be.at.least(20);
    const imports = sources.filter(({ path }) => path.startsWith('application/')).flatMap(importsOf);
    expect(imports.length).to.be.at.least(200);
    expect(imports).to.include('node:async_hooks');
    expect(paths.length).to.be.above(sources.length);
  });

  it('was read to the last quote: no text was taken for code, nor code for text', () => {
    const lost = sources.filter(({ code }) => /['"`]/.test(code.replaceAll(/"\d+"/g, '')));
    expect(lost.map(({ path }) => path)).to.deep.equal([]);
  });

  for (const { rule, promises, refuses, allows } of CLAUSES)
    describe(promises, () => {
      it('in every file', () => {
        expect(sources.flatMap(rule)).to.deep.equal([]);
      });

      for (const [path, text] of refuses)
        it(`or else is refused: ${path} with ${text.replaceAll(/\s+/g, ' ')}`, () => {
          expect(rule(sourceFile(path, text))).to.have.lengthOf(1);
        });

      it('and does not mind what is right', () => {
        for (const [path, text] of allows) expect(rule(sourceFile(path, text)), text).to.deep.equal([]);
      });
    });

  describe('has its rooms where everybody looks for them', () => {
    it('at the top', () => {
      expect(strangersAtTheTop(paths)).to.deep.equal([]);
    });

    it('and nothing else there', () => {
      const known = ['domain/x.ts', '.ci/test.yml', '.gitignore', 'README.md', 'package.json', 'knexfile.ts'];
      const strangers = ['src/x.ts', 'utils/x.ts', 'notes.md', 'yarn.lock', '.github/x.yml'];
      expect(strangersAtTheTop([...known, ...strangers])).to.deep.equal([
        'src',
        'utils',
        'notes.md',
        'yarn.lock',
        '.github',
      ]);
    });

    it('in the application, by the names of what the shop can do', () => {
      expect(applicationFolders(paths)).to.deep.equal([]);
      expect(applicationFolders(['application/cart/x.ts', 'application/utils/x.ts', 'domain/x/y.ts'])).to.deep.equal([
        'utils',
      ]);
    });
  });

  describe('does not tell where it was built', () => {
    it('in any text', () => {
      const texts = paths.flatMap(path => {
        const text = textOf(root, path);
        return text === undefined ? [] : [{ path, text }];
      });
      expect(texts.map(({ path }) => path)).to.include('package-lock.json');
      expect(texts.flatMap(({ path, text }) => sayWhereTheyWereMade(path, text))).to.deep.equal([]);
    });

    for (const text of [
      `cd ${folder('work')}/shop`,
      `"path": "${folder('root')}"`,
      `see ${folder('root')}/.npmrc`,
      ['https://registry', 'example', 'org/koa/-/koa-3.tgz'].join('.'),
      ['"resolved":', '"https://mirror.example/koa.tgz"'].join(' '),
      ['registry', 'https://mirror.example/'].join('='),
      ['//mirror.example/:', 'authToken', 'abc'].join('_'),
    ])
      it(`or else is refused: ${text}`, () => {
        expect(sayWhereTheyWereMade('x', text)).to.have.lengthOf(1);
      });

    it('and does not mind other paths', () => {
      for (const text of ['/api/v1/work/1', 'network/root', '/workshop', 'the root', './work/x', '${x}/root'])
        expect(sayWhereTheyWereMade('x', text), text).to.deep.equal([]);
    });
  });
});
