import Joi from 'joi';
import { CURRENCIES } from '../../domain/shared/currency.ts';
import { LARGEST_PRICE } from '../../domain/shared/money.ts';

/** The shapes that many routes share. Lengths are in characters, amounts in minor units. */

export const uuid = Joi.string().guid({ separator: '-', wrapper: false });
export const idParams = Joi.object<{ id: string }>({ id: uuid.required() });
export const time = Joi.string().isoDate().meta({ format: 'date-time' });

export interface MoneyBody {
  readonly amount: number;
  readonly currency: string;
}

export const money = Joi.object<MoneyBody>({
  amount: Joi.number().integer().min(0).max(LARGEST_PRICE).required(),
  currency: Joi.string()
    .valid(...CURRENCIES)
    .required(),
}).meta({ name: 'Money' });

/** Totals can be larger than any single price. */
export const total = Joi.object({
  amount: Joi.number().integer().required(),
  currency: Joi.string().required(),
}).meta({ name: 'Total' });

export const text = (most: number) => Joi.string().trim().min(1).max(most);
export const optionalText = (most: number) => Joi.string().trim().max(most).allow('', null);
export const version = Joi.number().integer().min(1);
export const quantity = Joi.number().integer().min(1).max(999);
export const slug = Joi.string()
  .pattern(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'words of a–z and 0–9 joined by hyphens')
  .max(100);

export interface AddressBody {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string | null;
  readonly city: string;
  readonly region?: string | null;
  readonly postal_code: string;
  readonly country: string;
}

export const addressFields = {
  name: text(200),
  line1: text(200),
  line2: optionalText(200),
  city: text(100),
  region: optionalText(100),
  postal_code: text(20),
  country: Joi.string()
    .pattern(/^[A-Z]{2}$/, 'ISO 3166-1 alpha-2')
    .description('ISO 3166-1 alpha-2, such as "DE"'),
};

export const address = Joi.object<AddressBody>({
  ...addressFields,
  name: addressFields.name.required(),
  line1: addressFields.line1.required(),
  city: addressFields.city.required(),
  postal_code: addressFields.postal_code.required(),
  country: addressFields.country.required(),
}).meta({ name: 'PostalAddress' });

/** The longest text taken as a password; the domain counts characters, this only bounds the work. */
export const passwordField = Joi.string().min(1).max(512);
/** Six digits of an authenticator, or a recovery code with its hyphens. */
export const otpField = Joi.string().min(1).max(20);
export const emailField = Joi.string().max(320);
