import type { Brand } from '../shared/brand.ts';
import type { OrderId } from '../shared/ids.ts';

/** What a customer reads out on the phone, such as "7K3QF-9M2XA". */
export type OrderNumber = Brand<string, 'OrderNumber'>;

/** Crockford's base 32: no I, L, O or U to be misread. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Taken from the random tail of the id (50 of its 62 bits), so it tells nobody how many orders there are. */
export function orderNumberOf(id: OrderId): OrderNumber {
  let rest = BigInt(`0x${id.replaceAll('-', '').slice(-13)}`);
  let text = '';
  for (let i = 0; i < 10; i += 1) {
    text = DIGITS[Number(rest & 31n)]! + text;
    rest >>= 5n;
  }
  return `${text.slice(0, 5)}-${text.slice(5)}` as OrderNumber;
}
