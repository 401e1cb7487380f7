import type Joi from 'joi';
import { DomainError } from '../../domain/shared/domain-error.ts';

/** @throws DomainError VALIDATION_ERROR whose details name every field that is wrong, by its dotted path */
export function validate<T>(
  schema: Joi.ObjectSchema<T>,
  value: unknown,
  options: { convert: boolean; root: string },
): T {
  const result = schema.validate(value, {
    abortEarly: false,
    convert: options.convert,
    errors: { wrap: { label: false } },
  });
  if (!result.error) return result.value;
  // A map, because a field may well be called "constructor".
  const details = new Map<string, string[]>();
  for (const { path, message, context } of result.error.details) {
    const field = path.join('.') || options.root;
    const label = context?.label ?? '';
    const problem = label && message.startsWith(label) ? message.slice(label.length).trim() : message;
    details.set(field, [...(details.get(field) ?? []), problem]);
  }
  const message = `The ${options.root} is not as it should be.`;
  throw new DomainError('invalid', 'VALIDATION_ERROR', message, Object.fromEntries(details));
}
