import type { HeldPayment, PaymentGateway } from '../../../application/ports/payment-gateway.ts';
import type { PaymentId } from '../../../domain/shared/ids.ts';
import { sandboxHarness } from '../../adapters/payments/sandbox-harness.ts';
import { nextId } from '../../support/builders.ts';
import type { GatewayHarness } from '../gateway-harness.ts';
import { overriding } from './wrapping.ts';

/** A gateway with one fault, and the promises that must be seen to be broken by it. */
export interface BrokenGateway {
  readonly harness: GatewayHarness;
  readonly breaks: readonly string[];
}

function broken(
  name: string,
  fault: (gateway: PaymentGateway) => Partial<PaymentGateway>,
  ...breaks: readonly string[]
): BrokenGateway {
  const open: GatewayHarness['open'] = async () => {
    const sound = await sandboxHarness.open();
    return { ...sound, gateway: overriding(sound.gateway, fault(sound.gateway)) };
  };
  return { harness: { name, open }, breaks };
}

/** Sends whatever it is asked under a key of its own. */
const newKeyPerAttempt = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  authorize: request => gateway.authorize({ ...request, key: nextId() }),
  refund: request => gateway.refund({ ...request, key: nextId() }),
});

/** Voids what there is, and has nothing to say to what is still on its way. */
function voidsOnlyWhatItKnows(gateway: PaymentGateway): Partial<PaymentGateway> {
  const known = new Set<PaymentId>();
  return {
    authorize: request => {
      known.add(request.ref);
      return gateway.authorize(request);
    },
    void: async ref => (known.has(ref) ? gateway.void(ref) : { outcome: 'voided' }),
  };
}

const refusesToVoidNothing = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  void: async ref => ((await gateway.lookup(ref)).outcome === 'not_found' ? { outcome: 'unknown' } : gateway.void(ref)),
});

const timeOutIsFailure = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  authorize: async request => {
    const answer = await gateway.authorize(request);
    return answer.outcome === 'unknown' ? { outcome: 'declined', reason: 'timeout' } : answer;
  },
  capture: async request => {
    const answer = await gateway.capture(request);
    return answer.outcome === 'unknown' ? { outcome: 'refused', reason: 'timeout' } : answer;
  },
});

const throwsOnTimeOut = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  authorize: async request => {
    const answer = await gateway.authorize(request);
    if (answer.outcome === 'unknown') throw new Error('ETIMEDOUT');
    return answer;
  },
});

/** Cleans up what it finds no trace of. */
const lookupVoids = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  lookup: async ref => {
    const answer = await gateway.lookup(ref);
    if (answer.outcome === 'not_found') await gateway.void(ref);
    return answer;
  },
});

const lookupCaptures = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  lookup: async ref => {
    const answer = await gateway.lookup(ref);
    if (answer.outcome === 'authorized') await gateway.capture({ ref, ...answer, key: `${ref}:capture` });
    return answer;
  },
});

/** Gives the money back by itself instead of naming the capture. */
const voidRefunds = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  void: async ref => {
    const held = await gateway.lookup(ref);
    if (held.outcome !== 'captured') return gateway.void(ref);
    await gateway.refund({ ref, captureId: held.captureId, amount: held.amount, key: `${ref}:void` });
    return { outcome: 'voided' };
  },
});

const believesAnyAmount = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  authorize: async request => {
    const answer = await gateway.authorize(request);
    return answer.outcome === 'unknown' && request.method === 'tok_ok'
      ? { outcome: 'authorized', authorizationId: `of ${request.ref}`, amount: request.amount }
      : answer;
  },
});

/** Never says that this was the last page. */
const listsForEver = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  list: async request => ({ next: '1', ...(await gateway.list(request)) }),
});

/** Takes the first page for all of it. */
const listsOnePage = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  list: async request => ({ ...(await gateway.list(request)), next: undefined }),
});

const listsOnlyWhatWasTaken = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  list: async request => {
    const page = await gateway.list(request);
    if (page.outcome === 'unknown') return page;
    return { ...page, payments: page.payments.filter(({ outcome }) => outcome === 'captured') };
  },
});

/** Every payment that was ever asked for, and in full. */
function listsWhatItWasAskedFor(gateway: PaymentGateway): Partial<PaymentGateway> {
  const asked: HeldPayment[] = [];
  return {
    authorize: request => {
      asked.unshift({ ref: request.ref, outcome: 'authorized', amount: request.amount });
      return gateway.authorize(request);
    },
    list: async () => ({ outcome: 'listed', payments: asked }),
  };
}

const listCaptures = (gateway: PaymentGateway): Partial<PaymentGateway> => ({
  list: async request => {
    const page = await gateway.list(request);
    for (const { ref } of page.outcome === 'listed' ? page.payments : []) {
      const held = await gateway.lookup(ref);
      if (held.outcome === 'authorized') await gateway.capture({ ref, ...held, key: `${ref}:capture` });
    }
    return page;
  },
});

export const BROKEN_GATEWAYS: readonly BrokenGateway[] = [
  broken(
    'sends each attempt under a new key',
    newKeyPerAttempt,
    'holds the money once, however often and however fast it is used',
    'gives the money back once, also when there would be enough for twice',
    'holds nothing more when it comes back with another amount, and never promises that amount',
    'gives nothing more back when it comes back with another amount',
  ),
  broken(
    'voids only what it knows',
    voidsOnlyWhatItKnows,
    'succeeds when nothing is known, and then nothing can be held any more',
  ),
  broken(
    'does not void what it does not know',
    refusesToVoidNothing,
    'succeeds when nothing is known, and then nothing can be held any more',
    'that never arrived is unknown, too, and nothing is found',
  ),
  broken(
    'reports a time-out as a failure',
    timeOutIsFailure,
    'whose answer is lost is unknown, neither paid nor failed, and the money can be found',
    'that never arrived is unknown, too, and nothing is found',
    'to capture whose answer is lost can be repeated until it is answered',
  ),
  broken(
    'throws on a time-out',
    throwsOnTimeOut,
    'whose answer is lost is unknown, neither paid nor failed, and the money can be found',
  ),
  broken(
    'voids what it finds nothing of',
    lookupVoids,
    'of a reference that nobody has used finds nothing and leaves nothing behind',
  ),
  broken('captures when it looks', lookupCaptures, 'tells how far the payment has come, and moves no money'),
  broken('refunds when it voids', voidRefunds, 'gives nothing back that is captured, but names the capture'),
  broken(
    'believes any amount under a key that it knows',
    believesAnyAmount,
    'holds nothing more when it comes back with another amount, and never promises that amount',
  ),
  broken(
    'lists for ever',
    listsForEver,
    'shows what is held, and what is left of what was taken',
    'shows each once, the newest first, whatever the size of the pages',
  ),
  broken('lists one page', listsOnePage, 'shows each once, the newest first, whatever the size of the pages'),
  broken(
    'lists only what was taken',
    listsOnlyWhatWasTaken,
    'shows what is held, and what is left of what was taken',
    'shows what is held although its answer was lost',
  ),
  broken(
    'lists what it was asked for',
    listsWhatItWasAskedFor,
    'shows what is held, and what is left of what was taken',
    'does not show what was declined, waits, was let go or given back, or never was',
    'shows nothing that was asked for earlier',
  ),
  broken('captures when it lists', listCaptures, 'takes nothing, and lets go of nothing'),
];
