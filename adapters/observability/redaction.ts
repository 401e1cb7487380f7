const REDACTED = '[redacted]';
const DEEPEST = 8;
const MOST_ENTRIES = 100;
const LONGEST_TEXT = 8192;

/** Words of a key that make its value nobody's business: `card_number`, `newPassword`, `Set-Cookie`. */
const SECRET_WORDS = new Set(
  `password passwords passphrase passwd pwd pepper secret secrets credential credentials token tokens jwt otp pin
   authorization cookie cookies signature email emails mail address addresses street line1 line2 postal postcode zip
   recipient phone mobile birthday dob card cards cvv cvc pan iban`.split(/\s+/),
);

/** The same where nobody marked the words: `accesstoken`. */
const SECRET_ENDING = /(?:password|token|secret|cookie|authorization|email|address|phone)s?$/;

const SECRET_PAIR = /\b(?:api|private|signing|encryption|master|jwt) keys?\b/;

function keepName(_found: string, name = '', sign = ''): string {
  return `${name}${sign}${REDACTED}`;
}

/** Secrets and personal data that give themselves away by their form, in a text that may hold anything. */
const SECRET_TEXTS: readonly (readonly [pattern: RegExp, by: (found: string, ...parts: string[]) => string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, () => REDACTED],
  [/\botpauth:\/\/[^\s"'<>]+/gi, () => REDACTED],
  [/\b(?:whsec|sk_live|sk_test|rk_live|rk_test)_[\w+/=-]+/g, () => REDACTED],
  // The random bytes of refresh and cart tokens, client secrets and the like: long words of capitals, letters and digits.
  [/(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{40,256}(?![\w-])/g, () => REDACTED],
  [/\b(set-cookie|cookie|authorization)(["']?\s*[:=]\s*)[^\r\n"']+/gi, keepName],
  [/([?&"'](?:[\w-]{0,40}(?:token|password|secret|signature)|code|key)["']?\s*[=:]\s*["']?)()[^&\s"']+/gi, keepName],
  [/\b(?:Bearer|Basic)\s+[\w.~+/=-]+/g, () => REDACTED],
  [/:\/\/[^\s/@]{1,256}@/g, () => `://${REDACTED}@`],
  [/[^\s@<>"'`(),;:=]{1,64}@[^\s@<>"'`(),;:=]{1,255}/g, found => (found.includes('[redacted]@') ? found : REDACTED)],
  [/(?<![\w-])\d(?:[ -]?\d){13,18}(?![\w-])/g, found => (passesLuhn(found) ? REDACTED : found)],
];

/** Nearly every text of a log line is harmless, and this sees it in one go. */
const SUSPICIOUS =
  /@|eyJ|Bearer|Basic|\d[\d -]{12}|[\w-]{40}|otpauth:|whsec_|[sr]k_(?:live|test)_|cookie|authorization|token|password|secret|signature|\b(?:code|key)["']?\s*[=:]/i;

/** A copy that `JSON.stringify` takes without failing, and that holds no secrets. It calls no `toJSON`. */
export function redactedFields(fields: object, errorStack: boolean): Readonly<Record<string, unknown>> {
  const walk = { errorStack, above: [fields] };
  try {
    return fields instanceof Error ? { error: copyError(fields, walk) } : copyEntries(entriesOf(fields), walk);
  } catch {
    return { fields: '[unreadable]' };
  }
}

export function redactedText(text: string): string {
  const short = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  return SUSPICIOUS.test(short)
    ? SECRET_TEXTS.reduce((safe, [pattern, by]) => safe.replace(pattern, by), short)
    : short;
}

/** The keys of log lines are few and come again and again. */
const knownKeys = new Map<string, boolean>();
const MOST_KNOWN_KEYS = 1000;

function isSecretKey(key: string): boolean {
  const known = knownKeys.get(key);
  if (known !== undefined) return known;
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const secret = words.some(word => SECRET_WORDS.has(word) || SECRET_ENDING.test(word));
  const verdict = secret || SECRET_PAIR.test(words.join(' '));
  if (knownKeys.size < MOST_KNOWN_KEYS) knownKeys.set(key, verdict);
  return verdict;
}

interface Walk {
  readonly errorStack: boolean;
  /** The objects around this one: to meet one of them again would never end. */
  readonly above: readonly object[];
}

function copy(value: unknown, walk: Walk): unknown {
  if (typeof value === 'string') return redactedText(value);
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  return typeof value === 'object' && value !== null ? copyObject(value, walk) : value;
}

function copyObject(value: object, { errorStack, above }: Walk): unknown {
  if (above.includes(value)) return '[circular]';
  if (above.length >= DEEPEST) return '[too deep]';
  const walk = { errorStack, above: [...above, value] };
  try {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof Error) return copyError(value, walk);
    if (value instanceof URL || value instanceof RegExp) return redactedText(String(value));
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Map)
      return copyEntries(
        [...value].map(([key, item]) => [String(key), item]),
        walk,
      );
    if (value instanceof Set) return copyItems([...value], walk);
    if (Array.isArray(value)) return copyItems(value, walk);
    return copyEntries(
      Object.keys(value).map(key => [key, read(value, key)]),
      walk,
    );
  } catch {
    return '[unreadable]';
  }
}

function copyItems(items: readonly unknown[], walk: Walk): unknown[] {
  const copies = items.slice(0, MOST_ENTRIES).map(item => copy(item, walk));
  return items.length > MOST_ENTRIES ? [...copies, `[${items.length - MOST_ENTRIES} more]`] : copies;
}

function copyEntries(entries: readonly (readonly [string, unknown])[], walk: Walk): Record<string, unknown> {
  // Not by assignment: a key "__proto__" would set the copy's prototype.
  return Object.fromEntries(
    entries
      .slice(0, MOST_ENTRIES)
      .map(([key, value]) => [redactedText(key), isSecretKey(key) ? REDACTED : copy(value, walk)]),
  );
}

/** What an error carries beside these may quote rows of the database. */
function copyError(error: Error, walk: Walk): object {
  const code = read(error, 'code');
  const more: [string, unknown][] = [];
  if (typeof code === 'string' || typeof code === 'number') more.push(['code', copy(code, walk)]);
  if (walk.errorStack && typeof error.stack === 'string') more.push(['stack', redactedText(error.stack)]);
  if (error.cause !== undefined) more.push(['cause', copy(error.cause, walk)]);
  if (error instanceof AggregateError) more.push(['errors', copyItems(error.errors, walk)]);
  return {
    name: copy(error.name, walk),
    message: copy(error.message, walk),
    ...Object.fromEntries(more),
  };
}

const entriesOf = (value: object): [string, unknown][] => Object.keys(value).map(key => [key, read(value, key)]);

function read(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return '[unreadable]';
  }
}

/** The check digit that every card number ends in; other long numbers pass it one time in ten. */
function passesLuhn(text: string): boolean {
  const digits = text.replace(/\D/g, '').split('').toReversed().map(Number);
  const sum = digits.reduce((total, digit, place) => {
    const doubled = place % 2 === 0 ? digit : digit * 2;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
