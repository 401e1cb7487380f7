import { type Currency, exponentOf } from '../../domain/shared/currency.ts';
import { Money } from '../../domain/shared/money.ts';

/** How one currency is written in Stripe's API: with how many decimals, and in whole multiples of what. */
interface Notation {
  readonly decimals: number;
  readonly step: number;
}

/** https://docs.stripe.com/currencies, "Minor units in API amounts" and "Special cases". */
const SPECIAL: readonly (readonly [codes: string, notation: Notation])[] = [
  ['BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF', { decimals: 0, step: 1 }],
  ['BHD JOD KWD OMR TND', { decimals: 3, step: 10 }],
  // They have no decimals any more, but Stripe still writes two, which must be zeros.
  ['ISK UGX', { decimals: 2, step: 100 }],
];

const NOTATIONS: ReadonlyMap<string, Notation> = new Map(
  SPECIAL.flatMap(([codes, notation]) => codes.split(' ').map(code => [code, notation] as const)),
);

/** Stripe writes every other currency with two decimals, and has none of those that have three or four, or none. */
const notationOf = (currency: Currency): Notation | undefined =>
  NOTATIONS.get(currency) ?? (exponentOf(currency) === 2 ? { decimals: 2, step: 1 } : undefined);

/** Whole units as Stripe counts them; undefined when Stripe cannot express exactly this amount. */
export function toStripeAmount({ amount, currency }: Money): number | undefined {
  const notation = notationOf(currency);
  if (!notation) return undefined;
  const units = shifted(amount, notation.decimals - exponentOf(currency));
  return units !== undefined && units % notation.step === 0 ? units : undefined;
}

/** Undefined when it is no amount that `toStripeAmount` gives. */
export function fromStripeAmount(units: number, currency: Currency): Money | undefined {
  const notation = notationOf(currency);
  if (!notation || !Number.isSafeInteger(units) || units % notation.step !== 0) return undefined;
  const amount = shifted(units, exponentOf(currency) - notation.decimals);
  return amount === undefined ? undefined : Money.of(amount, currency);
}

/** Moves the decimal point; undefined when something other than zeros would be lost. */
function shifted(whole: number, places: number): number | undefined {
  const factor = 10 ** Math.abs(places);
  const moved = places < 0 ? whole / factor : whole * factor;
  return Number.isSafeInteger(moved) ? moved : undefined;
}
