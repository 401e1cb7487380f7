import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { SandboxBank } from '../adapters/payments/sandbox-bank.ts';
import { SandboxNotices } from '../adapters/payments/sandbox-notices.ts';
import { SandboxServer } from '../adapters/payments/sandbox-server.ts';
import type { Logger } from '../application/ports/logger.ts';

const USAGE = `A sandbox bank in a process of its own, for a shop that is started with SANDBOX_URL.

  node dist/config/sandbox-bank.js [--port 4242] [--host 127.0.0.1] [--journal data/sandbox-bank.jsonl] [--notify <url>]

  --port     where it listens; any free port when it is not given
  --host     the address to listen on; by default one that only this machine reaches
  --journal  a file in which it keeps what it was asked, so that it knows it after a restart
  --notify   where the shop takes notices, which are signed with SANDBOX_WEBHOOK_SECRET
`;

const OPTIONS = {
  port: { type: 'string', default: '0' },
  host: { type: 'string', default: '127.0.0.1' },
  journal: { type: 'string' },
  notify: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const say = (text: string): void => void process.stdout.write(text);

const complain = (message: string, fields?: object): void =>
  void process.stderr.write(
    `${message} ${JSON.stringify(fields ?? {}, (_, value: unknown) => (value instanceof Error ? value.message : value))}\n`,
  );

const logger: Logger = { error: complain, warn: complain, info: () => {}, debug: () => {} };

try {
  const { port, host, journal, notify, help } = parseArgs({ options: OPTIONS }).values;
  if (help) say(USAGE);
  else await open({ port: portIn(port), host, journal, notify });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function open({
  port,
  host,
  journal,
  notify,
}: {
  port: number;
  host: string;
  journal?: string | undefined;
  notify?: string | undefined;
}) {
  const notices = notify === undefined ? {} : { notices: noticesTo(notify) };
  const bank = new SandboxBank(journal === undefined ? {} : { journal });
  const server = await SandboxServer.start({ bank, logger, port, host, ...notices });
  closeWithGrace({ delay: 2000, logger: false }, () => server.close());
  say(`\n  Sandbox bank  ${server.url}\n  Ledger        ${server.url}/ledger\n  Ctrl-C stops it.\n`);
}

function noticesTo(url: string): SandboxNotices {
  const secret = process.env['SANDBOX_WEBHOOK_SECRET']?.split(',')[0];
  if (!URL.canParse(url)) throw new Error('--notify must be a URL.');
  if (!secret) throw new Error('SANDBOX_WEBHOOK_SECRET is required with --notify: notices are signed with it.');
  return new SandboxNotices({ url, secret, logger });
}

function portIn(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error('--port must be a number from 0 to 65535.');
  return port;
}
