import { ERROR_CODES } from '../../adapters/http/errors.ts';
import { code, page, table } from './markdown.ts';

const EXAMPLE = `{
  "error": {
    "code": "INSUFFICIENT_STOCK",
    "message": "There is not enough of everything in the cart.",
    "details": { "lines": [{ "variant_id": "…", "requested": 3, "available": 1 }] },
    "timestamp": "2026-03-02T12:00:00.000Z",
    "request_id": "…"
  }
}`;

export const errorsPage = (): string =>
  page(
    'Error codes',
    'Every refusal has the same shape. `code` is public: it is never renamed. `message` is for people and may change.',
    `\`\`\`jsonc\n${EXAMPLE}\n\`\`\``,
    'For `VALIDATION_ERROR`, `details` names each field by its dotted path, with all that is wrong with it.',
    table(
      ['Status', 'Code', 'Meaning'],
      Object.entries(ERROR_CODES).map(([name, { status, meaning }]) => [String(status), code(name), meaning]),
    ),
  );
