/** Where a parcel goes. The door has checked the lengths; `country` is an ISO 3166-1 alpha-2 code. */
export interface PostalAddress {
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string;
  readonly country: string;
}
