import type { PersonalDataCipher, PersonKey } from '../../application/ports/personal-data.ts';
import type { OrderSnapshot, Resumption } from '../../domain/ordering/order.ts';
import type { Refund } from '../../domain/payments/payment.ts';
import type { OrderId, PaymentId, UserId } from '../../domain/shared/ids.ts';
import {
  indexesOf,
  opened,
  readAddress,
  readShipment,
  rowOfRefund,
  sealed,
  writtenAddress,
  writtenShipment,
} from './sealed-fields.ts';

/** What of an order tells of a person, as it is stored. */
export interface SealedOrderRow {
  readonly id: OrderId;
  readonly user_id: UserId | null;
  readonly sealed_shipping_address: string | null;
  readonly sealed_email: string | null;
  readonly sealed_shipment: string | null;
  readonly sealed_cancel_reason: string | null;
  readonly sealed_resume_reason: string | null;
  /** Null once the customer has been erased. */
  readonly wrapped: string | null;
}

interface SealedRefundRow {
  readonly payment_id: PaymentId;
  readonly number: number;
  readonly sealed_reason: string | null;
}

type Known = Pick<OrderSnapshot, 'shippingAddress' | 'email' | 'shipment' | 'cancelReason'>;

/** Who places an order is a person of their own unless they have an account. */
export const personOf = ({ id, userId }: Pick<OrderSnapshot, 'id' | 'userId'>): string => userId ?? id;

const keyOf = ({ id, user_id: userId, wrapped }: SealedOrderRow): PersonKey | null =>
  wrapped === null ? null : { personId: personOf({ id, userId }), wrapped };

/** All null once the customer has been erased. */
export function knownOf(cipher: PersonalDataCipher, row: SealedOrderRow): Known {
  const key = keyOf(row);
  const read = (field: 'orderAddress' | 'orderEmail' | 'shipment' | 'cancelReason', text: string | null) =>
    key && text && opened(cipher, key, field, row.id, text);
  const address = read('orderAddress', row.sealed_shipping_address);
  const shipment = read('shipment', row.sealed_shipment);
  return {
    shippingAddress: address === null ? null : readAddress(address),
    email: read('orderEmail', row.sealed_email),
    shipment: shipment === null ? null : readShipment(shipment),
    cancelReason: read('cancelReason', row.sealed_cancel_reason),
  };
}

export function resumeReasonOf(cipher: PersonalDataCipher, row: SealedOrderRow): Resumption['reason'] {
  const key = keyOf(row);
  const { id, sealed_resume_reason: text } = row;
  return key && text && opened(cipher, key, 'resumeReason', id, text);
}

export function refundReasonOf(
  cipher: PersonalDataCipher,
  order: SealedOrderRow,
  row: SealedRefundRow,
): Refund['reason'] {
  const key = keyOf(order);
  return key && row.sealed_reason && opened(cipher, key, 'refundReason', rowOfRefund(row), row.sealed_reason);
}

/** The columns that say who it is, and by what staff find it. */
export const customerRow = (cipher: PersonalDataCipher, key: PersonKey, order: OrderSnapshot) => ({
  sealed_shipping_address:
    order.shippingAddress && sealed(cipher, key, 'orderAddress', order.id, writtenAddress(order.shippingAddress)),
  sealed_email: sealed(cipher, key, 'orderEmail', order.id, order.email),
  email_index: order.email === null ? null : indexesOf(cipher, order.email)[0],
});

/** Most orders hold nothing that somebody has written since: they are saved without a key. */
export const isWrittenAbout = ({ shipment, cancelReason, resumed, payment }: OrderSnapshot): boolean =>
  shipment !== null ||
  cancelReason !== null ||
  (resumed !== null && resumed.reason !== null) ||
  payment.refunds.some(({ reason }) => reason !== null);

type WrittenField = 'shipment' | 'cancelReason' | 'resumeReason' | 'refundReason';

export type Seal = (field: WrittenField, row: string, text: string | null) => string | null;

export const nothingToSeal: Seal = () => null;

export const sealingFor =
  (cipher: PersonalDataCipher, key: PersonKey): Seal =>
  (field, row, text) =>
    sealed(cipher, key, field, row, text);

export const writtenRow = (seal: Seal, { id, shipment, cancelReason, resumed }: OrderSnapshot) => ({
  sealed_shipment: seal('shipment', id, shipment && writtenShipment(shipment)),
  sealed_cancel_reason: seal('cancelReason', id, cancelReason),
  sealed_resume_reason: seal('resumeReason', id, resumed && resumed.reason),
});
