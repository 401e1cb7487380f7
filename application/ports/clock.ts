/** The time of this process: for audit columns and tokens. Deadlines of orders go by the store's own clock. */
export interface Clock {
  now(): Date;
}
