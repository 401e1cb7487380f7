import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Ask, Reply } from './client.ts';

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response>>;
}

/** As much of an OpenAPI 3.1 document as the check goes by. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Row {
  readonly method: string;
  readonly template: string;
  readonly pattern: RegExp;
  readonly operation: Operation;
}

const ROOT = 'shop.json';
const ERROR = '/components/schemas/Error';

/** Holds answers against the shop's own description: the operation, the status, the media type and every field. */
export class AnswerCheck {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #rows: readonly Row[];
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #exercised = new Map<string, Set<number>>();

  constructor(description: Description) {
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(description, ROOT);
    this.#rows = Object.entries(description.paths)
      .flatMap(([template, operations]) =>
        Object.entries(operations).map(([method, operation]) => ({
          method: method.toUpperCase(),
          template,
          pattern: new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
          operation,
        })),
      )
      .toSorted((a, b) => a.template.split('{').length - b.template.split('{').length);
  }

  /** The names of the operations that were never answered with a status of success. */
  get neglected(): string[] {
    const succeeded = ({ operation }: Row) =>
      [...(this.#exercised.get(operation.operationId) ?? [])].some(status => status >= 200 && status < 300);
    return this.#rows.filter(row => !succeeded(row)).map(row => row.operation.operationId);
  }

  /** @throws Error that says how the answer departs from the description */
  examine({ method, path, unlisted = false }: Ask, reply: Reply): void {
    const pathname = path.split('?', 1)[0]!;
    const row = this.#rows.find(candidate => candidate.method === method && candidate.pattern.test(pathname));
    const complain = (problem: string) => {
      throw new Error(`${method} ${path} → ${reply.status}: ${problem}\n${reply.text.slice(0, 2000)}`);
    };
    if (unlisted) {
      if (row) complain(`this is the listed operation ${row.operation.operationId}`);
      if (reply.status >= 400 && reply.text !== '') this.#matches(ERROR, reply, complain);
      return;
    }
    if (!row) return complain('no such operation is listed');
    const { operationId, responses } = row.operation;
    const response = responses[reply.status];
    if (!response) return complain(`${operationId} does not list this status`);
    this.#exercised.set(operationId, (this.#exercised.get(operationId) ?? new Set()).add(reply.status));
    if (!response.content) return reply.text === '' ? undefined : complain('there is a body where none is listed');
    const type = reply.headers['content-type']?.split(';', 1)[0] ?? 'none';
    if (!response.content[type]) return complain(`the media type ${type} is not listed`);
    if (type !== 'application/json') return;
    const parts = ['paths', row.template, method.toLowerCase(), 'responses', String(reply.status), 'content', type];
    this.#matches(`/${[...parts, 'schema'].map(escaped).join('/')}`, reply, complain);
  }

  #matches(pointer: string, reply: Reply, complain: (problem: string) => void): void {
    const known = this.#compiled.get(pointer);
    const validate = known ?? this.#ajv.compile({ $ref: `${ROOT}#${pointer}` });
    this.#compiled.set(pointer, validate);
    if (!validate(reply.body)) complain(this.#ajv.errorsText(validate.errors, { dataVar: 'answer' }));
  }
}

/** A key as a part of a JSON pointer in the fragment of a URI. */
const escaped = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
