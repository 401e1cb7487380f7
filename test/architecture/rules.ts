import { posix } from 'node:path';
import { COMPUTED, importsOf, type Source } from './source-text.ts';

/** A file of the project; `path` is relative to its root, with slashes. */
export interface SourceFile extends Source {
  readonly path: string;
}

/** Says what is wrong with a file, or nothing. */
export type SourceRule = (file: SourceFile) => readonly string[];

const CONTEXT_USERS = [
  'application/audit/origin.ts',
  'application/transaction-boundary.ts',
  'application/idempotency/once-only.ts',
];
const CONTAINER = /^(?:inversify|reflect-metadata)(?:\/|$)/;
const OUTER_LAYERS = ['domain', 'application', 'adapters', 'config'];

/** 'domain', 'application', 'config', 'test', 'adapters/knex', or the name of a file that stands at the top. */
function layerOf(path: string): string {
  const [top, folder, ...rest] = path.split('/');
  return top === 'adapters' && rest.length > 0 ? `adapters/${folder}` : top!;
}

const isInside = (layer: string, layers: readonly string[]): boolean =>
  layers.some(allowed => layer === allowed || layer.startsWith(`${allowed}/`));

const anyButContainer = (name: string): boolean => !CONTAINER.test(name);

/** What a file of one layer may import. `packages`: npm packages and `node:` modules. */
function reachOf(path: string): { layers: readonly string[]; packages: (name: string) => boolean } {
  const layer = layerOf(path);
  if (layer === 'domain') return { layers: ['domain'], packages: () => false };
  if (layer === 'application')
    return {
      layers: ['application', 'domain'],
      packages: name => name === 'node:async_hooks' && CONTEXT_USERS.includes(path),
    };
  if (layer.startsWith('adapters')) return { layers: ['application', 'domain', layer], packages: anyButContainer };
  if (layer === 'config') return { layers: OUTER_LAYERS, packages: () => true };
  if (layer === 'test') return { layers: [...OUTER_LAYERS, 'test'], packages: anyButContainer };
  return { layers: OUTER_LAYERS, packages: anyButContainer };
}

/** Arrows point inwards: the domain knows nothing, an adapter no sibling, and only config the container. */
export const importsPointInwards: SourceRule = file => {
  const { layers, packages } = reachOf(file.path);
  return importsOf(file)
    .filter(name => {
      if (name === COMPUTED) return isInside(layerOf(file.path), ['domain', 'application']);
      if (!name.startsWith('.')) return !packages(name);
      return !isInside(layerOf(posix.join(posix.dirname(file.path), name)), layers);
    })
    .map(name => `${file.path} imports ${name}`);
};

const matches = (file: SourceFile, patterns: readonly RegExp[]): string[] =>
  patterns.flatMap(pattern => [...file.code.matchAll(pattern)].map(([found]) => `${file.path} says ${found.trim()}`));

const TIME_AND_CHANCE = [
  /\bDate\.now\b/g,
  /\bnew\s+Date\s*\(\s*\)|\bnew\s+Date\b(?!\s*\()/g,
  /(?<!\bnew\s+|[\w.#])Date\s*\(/g,
  /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/g,
  /(?<![\w.#])(?:process|globalThis|performance)\b(?!\s*[:?])/g,
];

const WAITING = [
  /\bPromise\b/g,
  /\basync\b/g,
  /\bawait\b/g,
  /\bset(?:Timeout|Interval|Immediate)\b/g,
  /\bqueueMicrotask\b/g,
];

/** The same arguments give the same answer, at once. */
export const domainIsTimeless: SourceRule = file =>
  layerOf(file.path) === 'domain' ? matches(file, [...TIME_AND_CHANCE, ...WAITING]) : [];

/** The application asks its ports what time it is, and for new ids. */
export const applicationAsksItsPorts: SourceRule = file =>
  layerOf(file.path) === 'application' ? matches(file, TIME_AND_CHANCE) : [];

export const noDefaultExports: SourceRule = file =>
  matches(file, [/\bexport\s+default\b/g, /\bexport\b[^;"]*?\bas\s+default\b/g]);

export const noBarrels: SourceRule = file => [
  ...(/(?:^|\/)index\.[mc]?[jt]sx?$/.test(file.path) ? [`${file.path} is a barrel`] : []),
  ...matches(file, [/\bexport\s*(?:type\s*)?\*/g]),
];

/** An event is stored with the change that it tells of; whoever delivers events only ever reads them. */
export const eventsComeFromUseCases: SourceRule = file =>
  isInside(layerOf(file.path), ['application', 'test']) ? [] : matches(file, [/\boutbox\s*\??\.\s*add\b/g]);

/** In the application only the collections of a unit of work hand out the outbox, so no event is added outside of one. */
export const onlyUnitsOfWorkHaveAnOutbox: SourceRule = file =>
  layerOf(file.path) === 'application' && file.path !== 'application/ports/unit-of-work.ts'
    ? importsOf(file)
        .filter(name => /(?:^|\/)outbox\.ts$/.test(name))
        .map(name => `${file.path} imports ${name}`)
    : [];

const APPLICATION_FOLDERS = new Set(
  `ports catalog inventory cart checkout ordering payments identity idempotency reviews notifications webhooks search
   analytics audit jobs privacy workers events`.split(/\s+/),
);

/** One folder for each capability, by the same name in every layer. */
export function applicationFolders(paths: readonly string[]): string[] {
  const folders = paths.map(path => /^application\/([^/]+)\//.exec(path)?.[1]).filter(folder => folder !== undefined);
  return [...new Set(folders)].filter(folder => !APPLICATION_FOLDERS.has(folder));
}

const TOP_FOLDERS = new Set(['domain', 'application', 'adapters', 'config', 'test', 'docs', '.ci']);
const TOP_FILES = new Set(
  `README.md LICENSE Dockerfile docker-compose.yml knexfile.ts package.json package-lock.json tsconfig.json`.split(' '),
);

/** What stands at the top of the project and should not. */
export function strangersAtTheTop(paths: readonly string[]): string[] {
  const strangers = paths
    .map(path => path.split('/'))
    .filter(([top, ...rest]) =>
      rest.length > 0 ? !TOP_FOLDERS.has(top!) : !TOP_FILES.has(top!) && !top!.startsWith('.'),
    );
  return [...new Set(strangers.map(([top]) => top!))];
}

// In pieces, so that this file does not say it itself.
const OUR_MACHINES = new RegExp(String.raw`(?<![\w.$})-])/(?:${['work', 'root'].join('|')})(?=/|["'\s\`]|$)`, 'gm');
const REGISTRY = new RegExp(
  [
    String.raw`\bregistry\.[a-z0-9-]+\.[a-z]{2,}`,
    String.raw`"resolved":\s*"https?:`,
    String.raw`^\s*(?:@[\w-]+:)?registry\s*=`,
    String.raw`_auth[T]oken`,
  ].join('|'),
  'gim',
);

/** Where it was made stays out of it: the next one has other folders and another mirror. */
export const sayWhereTheyWereMade = (path: string, text: string): string[] =>
  [OUR_MACHINES, REGISTRY].flatMap(pattern =>
    [...text.matchAll(pattern)].map(([found]) => `${path} says ${found.trim()}`),
  );
