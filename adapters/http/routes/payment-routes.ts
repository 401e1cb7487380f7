import Joi from 'joi';
import type { TakeNotice } from '../../../application/checkout/take-notice.ts';
import { HttpRefusal } from '../errors.ts';
import { none, type Route, route } from '../route.ts';

export interface PaymentUseCases {
  readonly takeNotice: TakeNotice;
}

const MOST_BYTES = 256_000;

export const paymentRoutes = ({ takeNotice }: PaymentUseCases): Route[] => [
  route({
    method: 'POST',
    path: '/payments/webhooks/{gateway}',
    name: 'takeGatewayNotice',
    tag: 'Payments',
    summary: 'Where a payment gateway sends its own events, signed with its secret',
    access: 'public',
    rate: 'webhook',
    idempotency: 'ignored',
    params: Joi.object<{ gateway: string }>({ gateway: Joi.string().max(50).required() }),
    body: 'signed',
    answers: { 204: none },
    handle: async ({ params, stream, headers }) => {
      const body = await bytesOf(stream);
      const taken = await takeNotice.execute({ gateway: params.gateway, body, headers });
      if (taken === 'unknown gateway') throw new HttpRefusal('NOT_FOUND', 'No such gateway is in use.');
      if (taken === 'bad signature') throw new HttpRefusal('SIGNATURE_INVALID');
      return { status: 204 };
    },
  }),
];

/** The very bytes that were signed; parsing them and writing them again would change them. */
async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new HttpRefusal('PAYLOAD_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
