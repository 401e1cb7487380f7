/** New ids for everything that the shop stores. */
export interface Ids {
  /** A UUIDv7 in lower case: unique, and later ones sort after earlier ones. */
  next(): string;
}
