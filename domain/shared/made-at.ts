/** When a UUIDv7 was made, by the clock of whoever made it; undefined for any other. */
export const madeAt = (id: string): Date | undefined =>
  id[14] === '7' ? new Date(Number.parseInt(id.replace('-', '').slice(0, 12), 16)) : undefined;
