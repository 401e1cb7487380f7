import { once } from 'node:events';
import { createServer } from 'node:net';
import { bad, type Finding, good, messageOf } from './findings.ts';

/** Whether the shop could listen there. */
export async function port({ host, port: number }: { readonly host: string; readonly port: number }): Promise<Finding> {
  if (number === 0) return good('PORT=0 takes any free port');
  const server = createServer();
  try {
    await once(server.listen({ host, port: number }), 'listening');
    return good(`Port ${number} on ${host} is free`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EACCES')
      return bad(`This user may not listen on port ${number}`, 'Choose one above 1023: PORT=3000 npm start');
    if (code !== 'EADDRINUSE') return bad(`The shop cannot listen on ${host}:${number}: ${messageOf(error)}`);
    return (await isShop(host, number))
      ? bad(`Port ${number} is used by a shop that runs already`, 'Stop it (Ctrl-C), or choose another port: PORT=3001')
      : bad(`Port ${number} is used by another program`, 'Stop that program, or choose another port: PORT=3001');
  } finally {
    if (server.listening) await once(server.close(), 'close');
  }
}

async function isShop(host: string, number: number): Promise<boolean> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  try {
    const answer = await fetch(`http://${name}:${number}/health`, { signal: AbortSignal.timeout(1_000) });
    return ((await answer.json()) as { database?: unknown }).database !== undefined;
  } catch {
    return false;
  }
}
