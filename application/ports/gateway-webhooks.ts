/** Something that a gateway says happened. Only a hint: what is true, `lookup` tells. */
export interface GatewayNotice {
  /** The gateway's own id of the event; the same event may come many times. */
  readonly eventId: string;
  readonly type: string;
  /** The payment reference that it speaks of, as far as it names one. */
  readonly ref: string | null;
  /** What came, without personal data or secrets, for people who look into trouble. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Reads what one payment gateway sends by itself. */
export interface GatewayWebhooks {
  /** As it stands in the path `/payments/webhooks/{gateway}`. */
  readonly gateway: string;
  /**
   * Undefined unless a current secret has signed exactly these bytes within the last five minutes. An event of an
   * unknown type is read all the same.
   * @param headers names in lower case
   */
  read(
    body: Buffer,
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
    now: Date,
  ): GatewayNotice | undefined;
}
