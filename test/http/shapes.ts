/** What the tests read of the answers; that they are whole is checked against the shop's own description. */

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

export interface Variant {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly price: Money;
  readonly compare_at_price: Money | null;
  readonly available: number;
  readonly in_stock: boolean;
  readonly version: number;
}

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly category_id: string;
  readonly vendor: string;
  readonly tags: readonly string[];
  readonly price: Money;
  readonly in_stock: boolean;
  readonly variants: readonly Variant[];
  readonly version: number;
  readonly created_at: string;
  readonly admin_data?: {
    readonly status: string;
    readonly created_by: string | null;
    readonly stock: readonly { readonly on_hand: number; readonly reserved: number }[];
  };
}

export interface Category {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly parent_id: string | null;
  readonly version: number;
}

export interface CartLine {
  readonly variant_id: string;
  readonly product_id: string | null;
  readonly name: string | null;
  readonly quantity: number;
  readonly unit_price: Money;
  readonly line_total: Money;
  readonly available: number;
  readonly problems: readonly { readonly code: string; readonly available?: number; readonly previous_price?: Money }[];
}

export interface Cart {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly items: readonly CartLine[];
  readonly subtotal: Money | null;
  readonly total: Money | null;
  readonly cart_token?: string;
}

interface OrderItem {
  readonly variant_id: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price: Money;
  readonly line_total: Money;
}

interface Payment {
  readonly status: string;
  readonly amount: Money;
  readonly action: { readonly type: string; readonly client_secret: string | null } | null;
  readonly refunded: Money;
  readonly refunds: readonly { readonly number: number; readonly amount: Money; readonly status: string }[];
}

export interface Receipt {
  readonly order_id: string;
  readonly order_number: string;
  readonly status: string;
  readonly total: Money;
  readonly items: readonly OrderItem[];
  readonly payment: Payment;
}

export interface Order {
  readonly id: string;
  readonly order_number: string;
  readonly status: string;
  readonly items: readonly OrderItem[];
  readonly total: Money;
  readonly payment: Payment;
  readonly shipping_address: Readonly<Record<string, string | null>> | null;
  readonly shipment: { readonly carrier: string | null; readonly tracking_number: string | null } | null;
  readonly cancel_reason: string | null;
  readonly version: number;
  readonly user_id?: string | null;
  readonly email?: string | null;
}

export interface StockRow {
  readonly variant_id: string;
  readonly sku: string;
  readonly on_hand: number;
  readonly reserved: number;
  readonly available: number;
  readonly low_stock_threshold: number | null;
  readonly version: number;
}

export interface Movement {
  readonly id: string;
  readonly delta: number;
  readonly kind: string;
  readonly reason: string | null;
  readonly ref_type: string | null;
  readonly ref_id: string | null;
  readonly created_by: string | null;
}

export interface ImportReport {
  readonly id: string;
  readonly status: string;
  readonly dry_run: boolean;
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: number;
  readonly errors: readonly { readonly row: number; readonly handle: string; readonly message: string }[];
}

export interface User {
  readonly id: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string | null;
  readonly role: string;
  readonly version: number;
  readonly disabled?: boolean;
}

export interface SignedIn {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly refresh_expires_in: number;
  readonly user: User;
}

export interface SavedAddress {
  readonly id: string;
  readonly name: string;
  readonly line2: string | null;
  readonly city: string;
  readonly version: number;
}
