import type { Brand } from './brand.ts';
import { invalidValue } from './domain-error.ts';

/** An ISO 4217 code. */
export type Currency = Brand<string, 'Currency'>;

/** ISO 4217: the codes by how many digits their minor unit has. */
const CODES_BY_EXPONENT: ReadonlyMap<number, string> = new Map([
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
     COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR
     IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD
     NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
     SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
]);

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  [...CODES_BY_EXPONENT].flatMap(([exponent, codes]) => codes.split(/\s+/).map(code => [code, exponent] as const)),
);

export const CURRENCIES: readonly string[] = [...EXPONENTS.keys()].toSorted();

export function Currency(code: string, field = 'price.currency'): Currency {
  if (!EXPONENTS.has(code)) throw invalidValue(field, 'must be an ISO 4217 currency code, such as "USD"');
  return code as Currency;
}

/** How many decimal digits the minor unit stands for: USD 2, JPY 0, KWD 3. */
export const exponentOf = (currency: Currency): number => EXPONENTS.get(currency)!;
