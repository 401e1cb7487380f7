export interface OutgoingAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Says where calls to the outside may go, so that nobody can make the shop knock at doors of its own house. */
export interface OutgoingGuard {
  /**
   * The addresses of the URL's host, looked up once and every one of them checked. Connect to one of these: who looks
   * the name up again may be told another one.
   * Rejects with `OutgoingRefused` for a scheme, port, host or address that is not allowed, and for a name that leads
   * nowhere. What the operator has set up is allowed by its name, wherever that leads.
   */
  admit(url: URL): Promise<readonly [OutgoingAddress, ...OutgoingAddress[]]>;
}

/** Nothing was sent. Its message says why, and nothing of the path and query. */
export class OutgoingRefused extends Error {
  override readonly name = 'OutgoingRefused';
}
