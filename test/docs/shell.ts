import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Said {
  readonly stdout: string;
  /** Of every answer that curl got, in order. */
  readonly statuses: readonly number[];
}

export interface Session {
  /** What each block said that was reached. */
  readonly blocks: readonly Said[];
  /** 0 when every command of every block succeeded. */
  readonly exitCode: number | null;
  /** Everything that was said, for a reader who wonders why it ended. */
  readonly transcript: string;
}

/** The shell of a reader, but that it stops at the first failure and notes the status of each answer. */
const PRELUDE = String.raw`
set -eo pipefail
curl() { command curl -w '%{stderr}\n@@status %{http_code}\n' "$@"; }
`;

const MARK = String.raw`printf '\n@@block\n'; printf '\n@@block\n' >&2`;

/** Types in blocks of commands one after the other, in one shell. */
export async function typeIn(
  commands: readonly string[],
  { folder, environment }: { folder: string; environment: Readonly<Record<string, string>> },
): Promise<Session> {
  const script = PRELUDE + commands.map(command => `${command}\n${MARK}\n`).join('');
  const shell = spawn('bash', ['-c', script], {
    cwd: folder,
    env: { ...environment, PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => shell.once('close', resolve).once('error', reject));
  const [stdout, stderr, exitCode] = await Promise.all([text(shell.stdout), text(shell.stderr), ended]);
  const saidOnError = stderr.split('\n@@block\n');
  const blocks = stdout
    .split('\n@@block\n')
    .slice(0, -1)
    .map((said, index) => ({
      stdout: said,
      statuses: [...(saidOnError[index] ?? '').matchAll(/^@@status (\d+)$/gm)].map(([, status]) => Number(status)),
    }));
  return { blocks, exitCode, transcript: `${stdout}\n${stderr}` };
}
