import type Joi from 'joi';
import { ERROR_CODES, type PublicCode } from './errors.ts';
import { type AnswerSchema, fullPath, idempotencyOf, permissionOf, type Route } from './route.ts';

type Json = Record<string, unknown>;

/** Joi writes its own JSON Schema (draft 2020-12, which is what OpenAPI 3.1 speaks). */
interface WithJsonSchema {
  readonly '~standard': { readonly jsonSchema: { input: (options: { target: string }) => Json } };
}

const jsonSchema = (schema: Joi.Schema): Json => {
  const { $schema: _dialect, ...rest } = (schema as unknown as WithJsonSchema)['~standard'].jsonSchema.input({
    target: 'draft-2020-12',
  });
  return rest;
};

/** The OpenAPI 3.1 document of the route table. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const schemas: Json = { Error: ERROR_SCHEMA };
  const paths: Record<string, Json> = {};
  for (const row of routes) (paths[fullPath(row)] ??= {})[row.method.toLowerCase()] = operation(row, schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pannier',
      version,
      description: 'A shop: catalogue, cart, checkout, orders and stock. Money is whole minor units of its currency.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: [...new Set(routes.map(row => row.tag))].map(name => ({ name, description: TAGS[name] ?? name })),
    paths,
    components: { schemas, securitySchemes: SECURITY },
  };
}

const TAGS: Readonly<Record<string, string>> = {
  System: 'How the shop is, and what it can do.',
  Account: 'Customers: signing in, profile, addresses.',
  Catalogue: 'What is for sale.',
  Cart: 'What a customer or a guest means to buy.',
  Orders: 'Buying, and what was bought.',
  Payments: 'What payment gateways send, and the sandbox.',
  'Orders, for staff': 'Fulfilment, cancellation, refunds.',
  Inventory: 'Stock, and the ledger of every unit.',
  'Import and export': 'Whole catalogues as files.',
  'Users, for staff': 'Accounts and their roles.',
  'Roles and API keys': 'What people and machines may do.',
};

const SECURITY = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token; for routes that need a permission also an API key.',
  },
  cartToken: { type: 'apiKey', in: 'header', name: 'X-Cart-Token' },
};

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'details', 'timestamp', 'request_id'],
      additionalProperties: false,
      properties: {
        code: { type: 'string', enum: Object.keys(ERROR_CODES) },
        message: { type: 'string' },
        details: { type: 'object' },
        timestamp: { type: 'string', format: 'date-time' },
        request_id: { type: 'string' },
      },
    },
  },
};

function operation(row: Route, schemas: Json): Json {
  return {
    operationId: row.name,
    tags: [row.tag],
    summary: row.summary,
    ...(needsRight(row) && { description: `Needs the permission \`${row.access}\`.` }),
    security: securityOf(row),
    parameters: parametersOf(row),
    ...(row.body && { requestBody: { required: true, content: requestContent(row.body) } }),
    // Where a route has an answer of its own for a status of trouble, that is the one.
    responses: { ...failures(row), ...successes(row, schemas) },
  };
}

const needsRight = (row: Route): boolean => permissionOf(row) !== undefined;

/** Every change of what is there; a POST only where it says so. */
const honoursIfMatch = ({ method, errors }: Route): boolean =>
  ['PUT', 'PATCH', 'DELETE'].includes(method) || errors?.includes('PRECONDITION_FAILED') === true;

function securityOf({ access }: Route): Json[] {
  if (access === 'public') return [{}, { bearer: [] }];
  return access === 'cart' ? [{ bearer: [] }, { cartToken: [] }] : [{ bearer: [] }];
}

const requestContent = (body: Joi.Schema | 'csv' | 'signed'): Json =>
  body === 'signed'
    ? { 'application/json': { schema: { type: 'object' } } }
    : body === 'csv'
      ? { 'text/csv': { schema: { type: 'string' } } }
      : { 'application/json': { schema: jsonSchema(body) } };

function parametersOf(row: Route): Json[] {
  const from = (schema: Joi.Schema | undefined, place: 'path' | 'query'): Json[] => {
    if (!schema) return [];
    const { properties = {}, required = [] } = jsonSchema(schema) as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, ...inner }]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description !== undefined && { description }),
      schema: inner,
    }));
  };
  const header = (name: string, description: string, required = false) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  });
  const rule = idempotencyOf(row);
  const must = rule === 'required' || rule === 'own';
  const headers = [
    ...(rule && rule !== 'ignored'
      ? [header('Idempotency-Key', 'Repeats with the same key have no second effect.', must)]
      : []),
    ...(honoursIfMatch(row) ? [header('If-Match', 'The ETag that you read; another version is 412.')] : []),
    ...(row.name === 'login' ? [header('X-Cart-Token', 'A guest’s cart to take along.')] : []),
  ];
  return [...from(row.params, 'path'), ...from(row.query, 'query'), ...headers];
}

function successes(row: Route, schemas: Json): Json {
  const entries = Object.entries(row.answers).map(([status, answer]) => [
    status,
    {
      description: row.summary,
      ...(answer.shape !== 'none' && {
        content: { [answer.type ?? 'application/json']: { schema: answerSchema(answer, schemas) } },
      }),
    },
  ]);
  const unchanged = row.caching === 'public' && { 304: { description: 'As `If-None-Match` says that you know it.' } };
  return { ...(Object.fromEntries(entries) as Json), ...unchanged };
}

function answerSchema({ shape, schema, meta }: AnswerSchema, schemas: Json): Json {
  const inner = named(schema!, schemas);
  if (shape === 'raw') return inner;
  return {
    type: 'object',
    required: ['data', 'meta', 'links'],
    additionalProperties: false,
    properties: {
      data: shape === 'list' ? { type: 'array', items: inner } : inner,
      meta: meta ? jsonSchema(meta) : { type: 'object' },
      links: {
        type: 'object',
        required: ['self'],
        additionalProperties: { type: 'string' },
        properties: { self: { type: 'string' } },
      },
    },
  };
}

/** A schema with a name is written once, among the components. */
function named(schema: Joi.Schema, schemas: Json): Json {
  const metas = (schema.describe() as { metas?: { name?: string }[] }).metas ?? [];
  const name = metas.find(meta => meta.name)?.name;
  if (!name) return jsonSchema(schema);
  schemas[name] ??= jsonSchema(schema);
  return { $ref: `#/components/schemas/${name}` };
}

function failures(row: Route): Json {
  const codes = new Set<PublicCode>(row.errors);
  const add = (when: boolean, ...more: PublicCode[]) => when && more.forEach(code => codes.add(code));
  add(
    true,
    'NOT_ACCEPTABLE',
    'INTERNAL_ERROR',
    'UNAVAILABLE',
    'UNAUTHENTICATED',
    'TOKEN_EXPIRED',
    'TOKEN_REVOKED',
    'VALIDATION_ERROR',
  );
  add(row.access !== 'public', 'FORBIDDEN'); // To customers' routes API keys are shut.
  add(needsRight(row), 'MFA_ENROLMENT_REQUIRED');
  add(!row.atRoot, 'RATE_LIMITED');
  add(row.path.includes('{') || row.access === 'cart', 'NOT_FOUND');
  add(row.method !== 'GET', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'MALFORMED_JSON');
  add(honoursIfMatch(row), 'PRECONDITION_FAILED');
  const rule = idempotencyOf(row);
  add(rule !== undefined && rule !== 'ignored', 'IDEMPOTENCY_KEY_INVALID');
  add(
    rule !== undefined && rule !== 'ignored' && rule !== 'derived',
    'IDEMPOTENCY_KEY_REUSED',
    'IDEMPOTENCY_IN_PROGRESS',
    'IDEMPOTENCY_ANSWER_LOST',
  );
  add(rule === 'required' || rule === 'own', 'IDEMPOTENCY_KEY_MISSING');
  const byStatus = new Map<number, PublicCode[]>();
  for (const code of codes)
    byStatus.set(ERROR_CODES[code].status, [...(byStatus.get(ERROR_CODES[code].status) ?? []), code]);
  const entries = [...byStatus].map(([status, names]) => [
    String(status),
    {
      description: names.map(code => `\`${code}\`: ${ERROR_CODES[code].meaning}`).join('\n\n'),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ]);
  return Object.fromEntries(entries) as Json;
}
