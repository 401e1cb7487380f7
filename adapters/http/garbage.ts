import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { EDGE_HEADERS } from './edge-headers.ts';
import { errorBody } from './errors.ts';

interface LineError extends Error {
  readonly code?: string;
}

/** What does not even parse as HTTP never reaches a route, but is answered in the same form. */
export function refuseGarbage(error: LineError, line: Socket): void {
  if (error.code === 'ECONNRESET' || !line.writable) return void line.destroy();
  const [status, words] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'The headers are larger than 16 kB.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request took too long to arrive.']
        : ['400 Bad Request', 'This is not HTTP.'];
  const refusal = { code: 'VALIDATION_ERROR', message: words, details: {} };
  const requestId = randomUUID();
  const body = errorBody(refusal, requestId, new Date());
  const head = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    'Cache-Control: no-store',
    ...Object.entries(EDGE_HEADERS).map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${requestId}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  line.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
