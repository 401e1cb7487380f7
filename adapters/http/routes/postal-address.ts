import type { PostalAddress } from '../../../domain/shared/postal-address.ts';
import type { AddressBody } from '../schemas.ts';

export const postalAddress = (body: AddressBody): PostalAddress => ({
  name: body.name,
  line1: body.line1,
  line2: body.line2 || null,
  city: body.city,
  region: body.region || null,
  postalCode: body.postal_code,
  country: body.country,
});

/** Only what was sent; an empty second line or region is none. */
export const postalAddressChanges = (body: Partial<AddressBody>): Partial<PostalAddress> => {
  const { line2, region, postal_code: postalCode, ...rest } = body;
  return {
    ...rest,
    ...(line2 !== undefined && { line2: line2 || null }),
    ...(region !== undefined && { region: region || null }),
    ...(postalCode !== undefined && { postalCode }),
  };
};
