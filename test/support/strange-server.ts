import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that answers to everything in its own way. */
export async function aServer(listener: RequestListener): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = http.createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  // A test that fails before it closes this must not keep the others waiting for ever.
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** What no gateway answers, by a name for it. */
export const STRANGE: Readonly<Record<string, RequestListener>> = {
  'nothing at all': () => {},
  'a broken connection': (_request, response) => void response.destroy(),
  'half an answer': (_request, response) => {
    response.writeHead(200, { 'Content-Length': 500 }).write('{"outcome":', () => response.destroy());
  },
  'an answer that never ends': (_request, response) => void response.writeHead(200).write('{'),
  'a redirect': (request, response) => {
    const elsewhere = `http://${request.headers.host}/elsewhere`;
    if (request.url === '/elsewhere') response.end('{"outcome":"voided"}');
    else response.writeHead(302, { Location: elsewhere }).end('{"outcome":"voided"}');
  },
  'HTTP 500': (_request, response) => void response.writeHead(500).end('{"outcome":"voided"}'),
  'HTTP 204': (_request, response) => void response.writeHead(204).end(),
  garbage: (_request, response) => void response.end('<html>Welcome to the coffee shop</html>'),
  null: (_request, response) => void response.end('null'),
  'a list': (_request, response) => void response.end('[]'),
  'an empty object': (_request, response) => void response.end('{}'),
  'another outcome': (_request, response) => void response.end('{"outcome":"celebrated"}'),
  'a megabyte': (_request, response) => void response.end(`{"outcome":"voided"${' '.repeat(1_048_576)}}`),
};
