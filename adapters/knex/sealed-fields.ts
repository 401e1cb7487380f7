import type { PersonalDataCipher, PersonKey, Place } from '../../application/ports/personal-data.ts';
import { EmailAddress } from '../../domain/identity/email-address.ts';
import type { Shipment } from '../../domain/ordering/order.ts';
import type { PostalAddress } from '../../domain/shared/postal-address.ts';

/**
 * Each field that is sealed, and the place that it is bound to. These names are part of what is stored: they stay, also
 * when a table or column is called otherwise one day.
 */
const PLACES = {
  userEmail: (row: string): Place => ({ table: 'users', column: 'email', row }),
  userName: (row: string): Place => ({ table: 'users', column: 'name', row }),
  address: (row: string): Place => ({ table: 'addresses', column: 'address', row }),
  orderAddress: (row: string): Place => ({ table: 'orders', column: 'shipping_address', row }),
  orderEmail: (row: string): Place => ({ table: 'orders', column: 'email', row }),
  shipment: (row: string): Place => ({ table: 'orders', column: 'shipment', row }),
  cancelReason: (row: string): Place => ({ table: 'orders', column: 'cancel_reason', row }),
  resumeReason: (row: string): Place => ({ table: 'orders', column: 'resume_reason', row }),
  refundReason: (row: string): Place => ({ table: 'refunds', column: 'reason', row }),
  secondFactor: (row: string): Place => ({ table: 'second_factors', column: 'secret', row }),
  answer: (row: string): Place => ({ table: 'idempotency_keys', column: 'response_body', row }),
};

type Field = keyof typeof PLACES;

/** Null stays null: that there is nothing is no secret. */
export const sealed = (
  cipher: PersonalDataCipher,
  key: PersonKey,
  field: Field,
  row: string,
  text: string | null,
): string | null => (text === null ? null : cipher.seal(key, PLACES[field](row), text));

export const opened = (cipher: PersonalDataCipher, key: PersonKey, field: Field, row: string, text: string): string =>
  cipher.open(key, PLACES[field](row), text);

/** In one order of keys, and nothing that a larger object has beside. */
export const writtenAddress = (address: PostalAddress): string => JSON.stringify(postalAddressOf(address));

export const readAddress = (text: string): PostalAddress => JSON.parse(text) as PostalAddress;

export const postalAddressOf = (address: PostalAddress): PostalAddress => {
  const { name, line1, line2, city, region, postalCode, country } = address;
  return { name, line1, line2, city, region, postalCode, country };
};

/** What was stored once, or what a guest typed into an order. */
export const indexesOf = (cipher: PersonalDataCipher, email: string): readonly [string, ...string[]] =>
  cipher.emailIndexes(EmailAddress(email));

export const writtenShipment = ({ carrier, trackingNumber }: Shipment): string =>
  JSON.stringify({ carrier, trackingNumber });

export const readShipment = (text: string): Shipment => JSON.parse(text) as Shipment;

/** One text for both parts of the key of a row. */
export const rowOfRefund = (row: { readonly payment_id: string; readonly number: number }): string =>
  `${row.payment_id} ${row.number}`;

export const rowOfAnswer = ({ owner, key }: { readonly owner: string; readonly key: string }): string =>
  `${owner} ${key}`;
