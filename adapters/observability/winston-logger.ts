import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import winston from 'winston';
import { currentOrigin } from '../../application/audit/origin.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { AccessLines } from './access-lines.ts';
import { redactedFields, redactedText } from './redaction.ts';

/** From the most to the least important; `silent` writes nothing at all. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerSettings {
  readonly level: LogLevel;
  /** Whether errors show where they come from. */
  readonly errorStack: boolean;
  /** Lines for people instead of one JSON object a line. */
  readonly pretty?: boolean;
  /** Of the requests that were served well, from 0 to 1, so many get an access line; all unless told otherwise. */
  readonly accessShare?: number;
  /** Gets the same lines, appended. */
  readonly file?: string;
  /** Where lines go; stdout unless told otherwise. */
  readonly output?: Writable;
}

export interface AdjustableLogger extends Logger {
  readonly level: LogLevel;
  /** An access line for each request that it is told of. */
  readonly requests: Pick<AccessLines, 'answered'>;
  /** Takes effect with the next line. */
  setLevel(level: LogLevel): void;
  /** Resolves when all lines are in the file; later lines go nowhere. */
  close(): Promise<void>;
}

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * One JSON object a line: `time`, `level`, `message`, and the fields beside them. A field of one of these names gets a
 * leading underscore. What is told in the course of a request bears its id and trace. Secrets are taken out by key and by form, errors become name, message and code. It never throws.
 */
export function createLogger(settings: LoggerSettings): AdjustableLogger {
  const output = settings.output ?? process.stdout;
  const file = settings.file === undefined ? undefined : openLogFile(settings.file, output);
  const render = settings.pretty ? prettyLine : jsonLine;
  const transports = [output, ...(file ? [file] : [])].map(
    stream => new winston.transports.Stream({ stream, eol: '\n' }),
  );
  const winstonLogger = winston.createLogger({
    levels: Object.fromEntries(LOG_LEVELS.map((level, rank) => [level, rank])),
    level: settings.level,
    format: winston.format.printf(({ message }) => String(message)),
    transports,
  });
  let threshold = LOG_LEVELS.indexOf(settings.level);
  let closed = false;
  const requests = new AccessLines({
    write: lines => [output, ...(file ? [file] : [])].forEach(stream => stream.write(lines)),
    wanted: () => threshold >= LOG_LEVELS.indexOf('info') && !closed,
    share: settings.accessShare ?? 1,
  });

  const logAt = (level: LogLevel): Logger['info'] => {
    const rank = LOG_LEVELS.indexOf(level);
    return (message, fields = {}) => {
      if (rank > threshold || closed) return;
      try {
        const line = {
          level,
          message: redactedText(message),
          fields: { ...names(), ...redactedFields(fields, settings.errorStack) },
        };
        requests.flush();
        winstonLogger.log({ level, message: render(line) });
      } catch {
        // A shop that sells without a log line is better than one that does not sell.
      }
    };
  };

  return {
    requests,
    get level() {
      return LOG_LEVELS[threshold]!;
    },
    error: logAt('error'),
    warn: logAt('warn'),
    info: logAt('info'),
    debug: logAt('debug'),
    setLevel(level) {
      threshold = LOG_LEVELS.indexOf(level);
      winstonLogger.level = level;
    },
    async close() {
      if (closed) return;
      requests.flush();
      closed = true;
      const finished = Promise.all(transports.map(transport => once(transport, 'finish')));
      winstonLogger.end();
      await finished;
      if (file && !file.destroyed) await new Promise<void>(resolve => file.end(resolve));
    },
  };
}

/** What all lines of a request have in common. */
function names(): Readonly<Record<string, string>> {
  const { requestId, traceId } = currentOrigin();
  return {
    ...(requestId !== undefined && { request_id: redactedText(requestId) }),
    ...(traceId !== undefined && { trace_id: traceId }),
  };
}

function openLogFile(path: string, output: Writable): Writable {
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  file.on('error', ({ message }) => {
    const problem: Line = { level: 'error', message: 'The log file cannot be written', fields: { problem: message } };
    output.write(`${jsonLine(problem)}\n`);
  });
  return file;
}

const OWN_FIELDS = ['time', 'level', 'message'];

function jsonLine({ level, message, fields }: Line): string {
  const named = Object.entries(fields).map(([key, value]) => [OWN_FIELDS.includes(key) ? `_${key}` : key, value]);
  const own = [
    ['time', new Date().toISOString()],
    ['level', level],
    ['message', message],
  ];
  return JSON.stringify(Object.fromEntries([...own, ...named]));
}

/** `12:00:00.000 warn  The stock is low  sku="MUG" left=2`, and below it the stack of an error that has one. */
function prettyLine({ level, message, fields }: Line): string {
  const stacks = Object.values(fields).flatMap(value => stackOf(value) ?? []);
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${visible(key)}=${JSON.stringify(value, (name, inner) => (name === 'stack' ? undefined : inner))}`,
    );
  const time = new Date().toISOString().slice(11, 23);
  const head = `${time} ${level.padEnd(5)} ${visible(message)}${facts.length > 0 ? ' ' : ''}${facts.join('')}`;
  return [head, ...stacks.flatMap(stack => stack.split('\n').map(line => `    ${visible(line)}`))].join('\n');
}

const stackOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string'
    ? value.stack
    : undefined;

/** Control characters could forge a second line or paint the terminal. */
const visible = (text: string): string =>
  text.replace(/\p{Cc}/gu, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
