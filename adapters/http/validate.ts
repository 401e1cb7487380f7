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
  for (const detail of result.error.details) {
    const field = detail.path.join('.') || options.root;
    details.set(field, [...(details.get(field) ?? []), problemOf(detail)]);
  }
  const message = `The ${options.root} is not as it should be.`;
  throw new DomainError('invalid', 'VALIDATION_ERROR', message, Object.fromEntries(details));
}

/** Without the value, which may be somebody's: Joi repeats it where it does not fit a pattern. */
function problemOf({ type, message, context }: Joi.ValidationErrorItem): string {
  const { label = '', name } = (context ?? {}) as { label?: string; name?: string };
  if (type.startsWith('string.pattern')) return name ? `must be ${name}` : 'has the wrong form';
  return label && message.startsWith(label) ? message.slice(label.length).trim() : message;
}
