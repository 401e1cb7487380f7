import { ContainerModule } from 'inversify';
import { ExpireOrder } from '../../application/checkout/expire-order.ts';
import { ReturnLostMoney } from '../../application/checkout/return-lost-money.ts';
import { SettleOrder } from '../../application/checkout/settle-order.ts';
import { TakeNotice } from '../../application/checkout/take-notice.ts';
import { SendAccountMails } from '../../application/identity/send-account-mails.ts';
import { LogSales } from '../../application/events/log-sales.ts';
import { NoteSearchChanges } from '../../application/search/note-search-changes.ts';
import { ExpireOrders } from '../../application/workers/expire-orders.ts';
import { NoteAuditHead } from '../../application/workers/note-audit-head.ts';
import { ReadNotices } from '../../application/workers/read-notices.ts';
import { ReapRecords } from '../../application/workers/reap-records.ts';
import { ReconcileBooks } from '../../application/workers/reconcile-books.ts';
import { RecoverOrders } from '../../application/workers/recover-orders.ts';
import { RelayEvents } from '../../application/workers/relay-events.ts';
import { SyncSearch } from '../../application/workers/sync-search.ts';
import { WatchBacklog } from '../../application/workers/watch-backlog.ts';
import {
  ANSWERS,
  CLOCK,
  EVENT_CONSUMERS,
  EVENT_MESSENGERS,
  GATEWAY_WEBHOOKS,
  LOGGER,
  MAILER,
  PAYMENT_GATEWAY,
  SEARCH_INDEX,
  SECRET_TOKENS,
  SETTINGS,
  STORE,
  UNIT_OF_WORK,
  WORKERS,
} from '../tokens.ts';

/** What the shop does by itself, in every process whose role is `worker` or `all`. */
export const workers = new ContainerModule(({ bind }) => {
  bind(ExpireOrder).toResolvedValue(
    (unitOfWork, answers, clock) => new ExpireOrder({ unitOfWork, answers, clock }),
    [UNIT_OF_WORK, ANSWERS, CLOCK],
  );
  bind(TakeNotice).toResolvedValue(
    (unitOfWork, gateways, clock) => new TakeNotice({ unitOfWork, gateways, clock }),
    [UNIT_OF_WORK, GATEWAY_WEBHOOKS, CLOCK],
  );
  bind(RecoverOrders).toResolvedValue(
    (unitOfWork, { orders }, settleOrder, clock, logger, { recoveryIntervalMs: everyMs }) =>
      new RecoverOrders({ unitOfWork, orders, settleOrder, clock, logger, everyMs }),
    [UNIT_OF_WORK, STORE, SettleOrder, CLOCK, LOGGER, SETTINGS],
  );
  bind(ExpireOrders).toResolvedValue(
    ({ orderWork }, expireOrder, settleOrder, logger, { recoveryIntervalMs: everyMs }) =>
      new ExpireOrders({ orderWork, expireOrder, settleOrder, logger, everyMs }),
    [STORE, ExpireOrder, SettleOrder, LOGGER, SETTINGS],
  );
  bind(ReadNotices).toResolvedValue(
    (unitOfWork, { orders }, settleOrder, logger) => new ReadNotices({ unitOfWork, orders, settleOrder, logger }),
    [UNIT_OF_WORK, STORE, SettleOrder, LOGGER],
  );
  bind(LogSales).toResolvedValue(logger => new LogSales(logger), [LOGGER]);
  bind(NoteSearchChanges).toResolvedValue(() => new NoteSearchChanges());
  bind(EVENT_CONSUMERS).toResolvedValue((...all) => all, [LogSales, NoteSearchChanges]);
  bind(SendAccountMails).toResolvedValue(
    (mailer, secretTokens, clock, { mail: { shopUrl } }) =>
      new SendAccountMails({ mailer, secretTokens, clock, shopUrl }),
    [MAILER, SECRET_TOKENS, CLOCK, SETTINGS],
  );
  bind(EVENT_MESSENGERS).toResolvedValue(accountMails => [accountMails], [SendAccountMails]);
  bind(RelayEvents).toResolvedValue(
    (unitOfWork, consumers, messengers, logger) => new RelayEvents({ unitOfWork, consumers, messengers, logger }),
    [UNIT_OF_WORK, EVENT_CONSUMERS, EVENT_MESSENGERS, LOGGER],
  );
  bind(ReapRecords).toResolvedValue(
    (unitOfWork, answers, clock) => new ReapRecords({ unitOfWork, answers, clock }),
    [UNIT_OF_WORK, ANSWERS, CLOCK],
  );
  bind(ReturnLostMoney).toResolvedValue(
    (gateway, { orderWork }, clock, logger) => new ReturnLostMoney({ gateway, orderWork, clock, logger }),
    [PAYMENT_GATEWAY, STORE, CLOCK, LOGGER],
  );
  bind(ReconcileBooks).toResolvedValue(
    ({ ledgers, orderWork, orders }, settleOrder, returnLostMoney, logger) =>
      new ReconcileBooks({ ledgers, orderWork, orders, settleOrder, returnLostMoney, logger }),
    [STORE, SettleOrder, ReturnLostMoney, LOGGER],
  );
  bind(WatchBacklog).toResolvedValue(
    ({ ledgers }, logger, { orderHoldSeconds: holdSeconds }) => new WatchBacklog({ ledgers, logger, holdSeconds }),
    [STORE, LOGGER, SETTINGS],
  );
  bind(NoteAuditHead).toResolvedValue(
    ({ auditLog }, logger) => new NoteAuditHead({ auditLog, logger }),
    [STORE, LOGGER],
  );
  bind(SyncSearch).toResolvedValue(
    (unitOfWork, { catalog }, index) => new SyncSearch({ unitOfWork, catalog, index }),
    [UNIT_OF_WORK, STORE, SEARCH_INDEX],
  );
  bind(WORKERS).toResolvedValue(
    (...all) => all,
    [
      RecoverOrders,
      ExpireOrders,
      ReadNotices,
      RelayEvents,
      ReapRecords,
      ReconcileBooks,
      WatchBacklog,
      NoteAuditHead,
      SyncSearch,
    ],
  );
});
