declare const brand: unique symbol;

/** A string or number that only its own parser can make: a `ProductId` does not fit where a `VariantId` is asked for. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
