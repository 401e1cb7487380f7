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
