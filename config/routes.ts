import type { Container } from 'inversify';
import type { Route } from '../adapters/http/route.ts';
import { auditRoutes } from '../adapters/http/routes/audit-routes.ts';
import { apiKeyRoutes } from '../adapters/http/routes/api-key-routes.ts';
import { backlogRoute } from '../adapters/http/routes/backlog-route.ts';
import { cartRoutes } from '../adapters/http/routes/cart-routes.ts';
import { categoryRoutes } from '../adapters/http/routes/category-routes.ts';
import { type Metrics, metricsRoute } from '../adapters/http/routes/metrics-route.ts';
import { mailRoutes } from '../adapters/http/routes/mail-routes.ts';
import { importRoutes, type ImportUseCases } from '../adapters/http/routes/import-routes.ts';
import { inventoryRoutes } from '../adapters/http/routes/inventory-routes.ts';
import { orderRoutes } from '../adapters/http/routes/order-routes.ts';
import { passwordRoutes } from '../adapters/http/routes/password-routes.ts';
import { productListRoute } from '../adapters/http/routes/product-list-route.ts';
import { productRoutes } from '../adapters/http/routes/product-routes.ts';
import { profileRoutes } from '../adapters/http/routes/profile-routes.ts';
import { secondFactorRoutes } from '../adapters/http/routes/second-factor-routes.ts';
import { roleRoutes } from '../adapters/http/routes/role-routes.ts';
import { signInRoutes } from '../adapters/http/routes/sign-in-routes.ts';
import { staffOrderRoutes } from '../adapters/http/routes/staff-order-routes.ts';
import { staffUserRoutes } from '../adapters/http/routes/staff-user-routes.ts';
import { systemRoutes, type SystemUseCases } from '../adapters/http/routes/system-routes.ts';
import { ChangeCart } from '../application/cart/change-cart.ts';
import { OpenGuestCart } from '../application/cart/open-guest-cart.ts';
import { ShowCart } from '../application/cart/show-cart.ts';
import { ChangeCategories } from '../application/catalog/change-categories.ts';
import { ChangeProduct } from '../application/catalog/change-product.ts';
import { ChangeVariants } from '../application/catalog/change-variants.ts';
import { CreateProduct } from '../application/catalog/create-product.ts';
import { DeleteProduct } from '../application/catalog/delete-product.ts';
import { ExportProducts } from '../application/catalog/export-products.ts';
import { ImportProducts } from '../application/catalog/import-products.ts';
import { StartProductImport } from '../application/catalog/start-product-import.ts';
import { PlaceOrder } from '../application/checkout/place-order.ts';
import { AddressBook } from '../application/identity/address-book.ts';
import { AdministerUser } from '../application/identity/administer-user.ts';
import { AskForMail } from '../application/identity/ask-for-mail.ts';
import { ChangePassword } from '../application/identity/change-password.ts';
import { EraseAccount } from '../application/identity/erase-account.ts';
import { ExportAccount } from '../application/identity/export-account.ts';
import { ChangeRoles } from '../application/identity/change-roles.ts';
import { Login } from '../application/identity/login.ts';
import { Logout } from '../application/identity/logout.ts';
import { ManageApiKeys } from '../application/identity/manage-api-keys.ts';
import { RefreshSession } from '../application/identity/refresh-session.ts';
import { Register } from '../application/identity/register.ts';
import { RemoveSecondFactor } from '../application/identity/remove-second-factor.ts';
import { ResetPassword } from '../application/identity/reset-password.ts';
import { SetUpSecondFactor } from '../application/identity/set-up-second-factor.ts';
import { RevokeSessions } from '../application/identity/revoke-sessions.ts';
import { UpdateProfile } from '../application/identity/update-profile.ts';
import { VerifyEmail } from '../application/identity/verify-email.ts';
import { ChangeStock } from '../application/inventory/change-stock.ts';
import { CancelOrder } from '../application/ordering/cancel-order.ts';
import { FulfilOrder } from '../application/ordering/fulfil-order.ts';
import { RefundOrder } from '../application/ordering/refund-order.ts';
import { ResumeOrder } from '../application/ordering/resume-order.ts';
import { IndexedCatalog } from '../application/search/indexed-catalog.ts';
import { SettleOrder } from '../application/checkout/settle-order.ts';
import { sandboxRoutes } from '../adapters/http/routes/sandbox-routes.ts';
import { TakeNotice } from '../application/checkout/take-notice.ts';
import { paymentRoutes } from '../adapters/http/routes/payment-routes.ts';
import { ACCESS_TOKENS, CLOCK, KEPT_MAILS, SANDBOX_BANK, SETTINGS, STORE } from './tokens.ts';

export interface Surroundings extends Pick<ImportUseCases, 'inBackground'>, SystemUseCases {
  /** Undefined: they are not shown. */
  readonly metrics: Metrics | undefined;
}

/** The route table of the shop, its rows given the use cases that they need. */
export function shopRoutes(container: Container, surroundings: Surroundings): Route[] {
  const { catalog, inventory, orders, users, roles, apiKeys, productImports, ledgers, auditLog } = container.get(STORE);
  const cancelOrder = container.get(CancelOrder);
  return [
    ...systemRoutes(surroundings),
    ...metricsPage(container, surroundings),
    ...mailPage(container),
    backlogRoute({ ledgers }),
    ...auditRoutes({ auditLog }),
    ...signInRoutes({
      register: container.get(Register),
      login: container.get(Login),
      refreshSession: container.get(RefreshSession),
      logout: container.get(Logout),
      accessTokens: container.get(ACCESS_TOKENS),
    }),
    ...passwordRoutes({
      changePassword: container.get(ChangePassword),
      askForMail: container.get(AskForMail),
      resetPassword: container.get(ResetPassword),
      verifyEmail: container.get(VerifyEmail),
    }),
    ...secondFactorRoutes({ setUpSecondFactor: container.get(SetUpSecondFactor) }),
    ...profileRoutes({
      updateProfile: container.get(UpdateProfile),
      addressBook: container.get(AddressBook),
      eraseAccount: container.get(EraseAccount),
      exportAccount: container.get(ExportAccount),
      users,
    }),
    ...categoryRoutes({ changeCategories: container.get(ChangeCategories), catalog }),
    productListRoute({ catalog: container.get(IndexedCatalog) }),
    ...productRoutes({
      createProduct: container.get(CreateProduct),
      changeProduct: container.get(ChangeProduct),
      deleteProduct: container.get(DeleteProduct),
      changeVariants: container.get(ChangeVariants),
      catalog,
    }),
    ...cartRoutes({
      openGuestCart: container.get(OpenGuestCart),
      showCart: container.get(ShowCart),
      changeCart: container.get(ChangeCart),
    }),
    ...orderRoutes({ placeOrder: container.get(PlaceOrder), cancelOrder, orders }),
    ...staffOrderRoutes({
      cancelOrder,
      fulfilOrder: container.get(FulfilOrder),
      refundOrder: container.get(RefundOrder),
      resumeOrder: container.get(ResumeOrder),
      orders,
    }),
    ...paymentRoutes({ takeNotice: container.get(TakeNotice) }),
    ...sandboxPage(container),
    ...inventoryRoutes({ changeStock: container.get(ChangeStock), inventory }),
    ...importRoutes({
      startProductImport: container.get(StartProductImport),
      importProducts: container.get(ImportProducts),
      exportProducts: container.get(ExportProducts),
      productImports,
      clock: container.get(CLOCK),
      currency: container.get(SETTINGS).currency,
      inBackground: surroundings.inBackground,
    }),
    ...staffUserRoutes({
      administerUser: container.get(AdministerUser),
      revokeSessions: container.get(RevokeSessions),
      removeSecondFactor: container.get(RemoveSecondFactor),
      users,
    }),
    ...roleRoutes({ changeRoles: container.get(ChangeRoles), roles }),
    ...apiKeyRoutes({ manageApiKeys: container.get(ManageApiKeys), apiKeys }),
  ];
}

/** A bank in this very process has no page of its own. */
function sandboxPage(container: Container): Route[] {
  const { gateway, production } = container.get(SETTINGS);
  if (production || gateway.kind !== 'sandbox' || gateway.url) return [];
  const bank = container.get(SANDBOX_BANK);
  const { orders } = container.get(STORE);
  return sandboxRoutes({ orders, settleOrder: container.get(SettleOrder), confirm: ref => void bank.confirm(ref) });
}

function metricsPage(container: Container, { metrics }: Surroundings): Route[] {
  return metrics ? [metricsRoute(metrics, container.get(SETTINGS).metricsToken)] : [];
}

/** The mails that this process would have sent, if it were told to whom. */
function mailPage(container: Container): Route[] {
  const { mail, production } = container.get(SETTINGS);
  if (production || mail.smtpUrl) return [];
  const kept = container.get(KEPT_MAILS);
  return mailRoutes(() => kept.latest());
}

/** A process that only works in the background answers how it is, and shows mails, which it is the one to write. */
export const workerRoutes = (container: Container, surroundings: Surroundings): Route[] => [
  ...systemRoutes(surroundings),
  ...metricsPage(container, surroundings),
  ...mailPage(container),
];
