import { invalidValue } from './domain-error.ts';
import { type Currency, exponentOf } from './currency.ts';

/** No single amount may pass this, so that 100 lines of 999 still add up to a safe integer. */
export const LARGEST_PRICE = 10_000_000_000;

/** Whole minor units (cents, yen, fils) of one currency. There is no division; `split` loses nothing. */
export class Money {
  readonly amount: number;
  readonly currency: Currency;

  private constructor(amount: number, currency: Currency) {
    this.amount = amount;
    this.currency = currency;
  }

  static of(amount: number, currency: Currency): Money {
    if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is not a whole number of minor units`);
    return new Money(amount, currency);
  }

  /** A price: not negative and not beyond `LARGEST_PRICE`. */
  static price(amount: number, currency: Currency, field = 'price.amount'): Money {
    if (!Number.isSafeInteger(amount)) throw invalidValue(field, 'must be a whole number of minor units');
    if (amount < 0) throw invalidValue(field, 'must be ≥ 0');
    if (amount > LARGEST_PRICE) throw invalidValue(field, `must be ≤ ${LARGEST_PRICE}`);
    return new Money(amount, currency);
  }

  static zero(currency: Currency): Money {
    return new Money(0, currency);
  }

  static sum(amounts: readonly Money[], currency: Currency): Money {
    return amounts.reduce((total, amount) => total.plus(amount), Money.zero(currency));
  }

  /** Reads "19.99" by the currency's own exponent; undefined when it is not exactly such a number. */
  static fromDecimal(text: string, currency: Currency): Money | undefined {
    const exponent = exponentOf(currency);
    const match = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
    if (!match) return undefined;
    const [, sign, whole = '', fraction = ''] = match;
    if (/[1-9]/.test(fraction.slice(exponent))) return undefined;
    const amount = Number(whole + fraction.slice(0, exponent).padEnd(exponent, '0'));
    return Number.isSafeInteger(amount) ? new Money(sign && amount ? -amount : amount, currency) : undefined;
  }

  toDecimal(): string {
    const exponent = exponentOf(this.currency);
    const digits = String(Math.abs(this.amount)).padStart(exponent + 1, '0');
    const whole = digits.slice(0, digits.length - exponent);
    return (this.amount < 0 ? '-' : '') + (exponent ? `${whole}.${digits.slice(-exponent)}` : whole);
  }

  plus(other: Money): Money {
    return Money.of(this.amount + this.#same(other).amount, this.currency);
  }

  minus(other: Money): Money {
    return Money.of(this.amount - this.#same(other).amount, this.currency);
  }

  times(quantity: number): Money {
    if (!Number.isSafeInteger(quantity)) throw new RangeError(`${quantity} is not a whole number of times`);
    return Money.of(this.amount * quantity, this.currency);
  }

  /** Shares the amount by whole-number weights; the first shares take what is left over, so the sum is exact. */
  split(weights: readonly number[]): Money[] {
    const total = BigInt(weights.reduce((sum, weight) => sum + weight, 0));
    if (total <= 0n || weights.some(weight => weight < 0)) throw new RangeError('split needs weights that add up');
    const shares = weights.map(weight => Number((BigInt(this.amount) * BigInt(weight)) / total));
    const step = this.amount < 0 ? -1 : 1;
    let left = this.amount - shares.reduce((sum, share) => sum + share, 0);
    for (let i = 0; left !== 0; i = (i + 1) % shares.length) {
      if (weights[i] === 0) continue;
      shares[i]! += step;
      left -= step;
    }
    return shares.map(share => Money.of(share, this.currency));
  }

  equals(other: Money): boolean {
    return this.amount === other.amount && this.currency === other.currency;
  }

  isMoreThan(other: Money): boolean {
    return this.amount > this.#same(other).amount;
  }

  toJSON(): { amount: number; currency: string } {
    return { amount: this.amount, currency: this.currency };
  }

  #same(other: Money): Money {
    if (other.currency !== this.currency) throw new RangeError(`${this.currency} and ${other.currency} do not mix`);
    return other;
  }
}
