import type { Brand } from './brand.ts';
import { invalidValue } from './domain-error.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const uuidParser =
  <Id extends Brand<string, string>>(field: string) =>
  (value: string): Id => {
    const text = value.toLowerCase();
    if (!UUID.test(text)) throw invalidValue(field, 'must be a UUID');
    return text as Id;
  };

export type UserId = Brand<string, 'UserId'>;
export const UserId = uuidParser<UserId>('user_id');
export type AddressId = Brand<string, 'AddressId'>;
export const AddressId = uuidParser<AddressId>('address_id');
export type SessionId = Brand<string, 'SessionId'>;
export const SessionId = uuidParser<SessionId>('session_id');
export type ApiKeyId = Brand<string, 'ApiKeyId'>;
export const ApiKeyId = uuidParser<ApiKeyId>('api_key_id');
export type CategoryId = Brand<string, 'CategoryId'>;
export const CategoryId = uuidParser<CategoryId>('category_id');
export type ProductId = Brand<string, 'ProductId'>;
export const ProductId = uuidParser<ProductId>('product_id');
export type VariantId = Brand<string, 'VariantId'>;
export const VariantId = uuidParser<VariantId>('variant_id');
export type CartId = Brand<string, 'CartId'>;
export const CartId = uuidParser<CartId>('cart_id');
export type OrderId = Brand<string, 'OrderId'>;
export const OrderId = uuidParser<OrderId>('order_id');
/** The reference that a gateway knows a payment by; made by us and committed before the first call. */
export type PaymentId = Brand<string, 'PaymentId'>;
export const PaymentId = uuidParser<PaymentId>('payment_id');
export type ImportId = Brand<string, 'ImportId'>;
export const ImportId = uuidParser<ImportId>('import_id');
