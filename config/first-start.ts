import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Container } from 'inversify';
import { ImportProducts } from '../application/catalog/import-products.ts';
import { StartProductImport } from '../application/catalog/start-product-import.ts';
import { ChoosePassword } from '../application/identity/choose-password.ts';
import { EmailAddress } from '../domain/identity/email-address.ts';
import { ADMIN, CUSTOMER, type Role } from '../domain/identity/permissions.ts';
import { User } from '../domain/identity/user.ts';
import { DomainError } from '../domain/shared/domain-error.ts';
import { UserId } from '../domain/shared/ids.ts';
import { DEMO_ACCOUNTS } from './demo-accounts.ts';
import { InvalidSettings, type Settings } from './settings.ts';
import { CLOCK, IDS, PASSWORDS, SETTINGS, STORE } from './tokens.ts';
import { PROJECT_ROOT } from './version.ts';

const SAMPLE = path.join(PROJECT_ROOT, 'config/sample/pet-catalogue.csv');

interface Account {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly role: Role;
}

/** Puts into the shop what it starts with. Safe to do again, and by several processes at once. */
export async function prepareShop(container: Container, settings: Settings, progress: (message: string) => void) {
  if (settings.production) await requireNoDemoAccounts(container);
  const accounts: Account[] = [];
  if (settings.admin) accounts.push({ ...settings.admin, name: 'Shop keeper', role: ADMIN });
  if (settings.seedDemo) accounts.push({ ...DEMO_ACCOUNTS.customer, name: 'Demo Customer', role: CUSTOMER });
  const shelves = async () => {
    if (settings.seedDemo && (await isEmpty(container))) await importSample(container, settings, progress);
  };
  // Passwords are hashed beside the main thread, so the shelves are filled meanwhile.
  await Promise.all([shelves(), ...accounts.map(account => ensureAccount(container, account))]);
  if (!settings.admin && (await hasNoKeeper(container)))
    progress('there is no administrator yet: set ADMIN_EMAIL and ADMIN_PASSWORD for one start, which makes the first');
}

/** They may be left from a try on the same database, with passwords that everybody can read. */
async function requireNoDemoAccounts(container: Container): Promise<void> {
  const { unitOfWork } = container.get(STORE);
  for (const { email, password } of Object.values(DEMO_ACCOUNTS)) {
    const user = (await unitOfWork.run(({ users }) => users.findByEmail(EmailAddress(email))))?.snapshot();
    if (!user || user.disabled || !(await container.get(PASSWORDS).verify(password, user.passwordHash))) continue;
    throw new InvalidSettings([
      `the demo account ${email} is in this database with its demo password: change it, or disable it, before production`,
    ]);
  }
}

/** Looked for among a few only: a shop with more users than that has had an administrator. */
async function hasNoKeeper(container: Container): Promise<boolean> {
  const { items, next } = await container.get(STORE).users.list({ limit: 100 });
  return next === null && !items.some(({ role }) => role === 'admin');
}

async function isEmpty(container: Container): Promise<boolean> {
  const { items } = await container.get(STORE).catalog.search({ sort: 'newest' }, { limit: 1 });
  return items.length === 0;
}

async function ensureAccount(container: Container, { email, password, name, role }: Account): Promise<void> {
  const { unitOfWork } = container.get(STORE);
  const address = EmailAddress(email);
  if (await unitOfWork.run(({ users }) => users.findByEmail(address))) return;
  const id = UserId(container.get(IDS).next());
  const passwordHash = await hashFor(container, { email, password, name });
  const act = { at: container.get(CLOCK).now(), by: null };
  const user = User.register({ id, email: address, name, passwordHash, role }, act);
  try {
    await unitOfWork.run(async ({ users, audit }) => {
      await users.save(user);
      audit.add({ action: 'user.registered', outcome: 'done', subject: { type: 'user', id }, after: { role } });
    });
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'EMAIL_TAKEN')) throw error; // Another process was faster.
  }
}

/** What stands in the settings of a machine of one's own may be as simple as its owner likes. */
async function hashFor(
  container: Container,
  { password, ...person }: { email: string; password: string; name: string },
) {
  if (!container.get(SETTINGS).production) return container.get(PASSWORDS).hash(password);
  try {
    return await container.get(ChoosePassword).hash({ password, field: 'ADMIN_PASSWORD', person });
  } catch (error) {
    throw error instanceof DomainError ? new InvalidSettings([error.message]) : error;
  }
}

async function importSample(container: Container, { currency }: Settings, progress: (message: string) => void) {
  const report = await container.get(StartProductImport).execute({ dryRun: false, by: null });
  const bytes = createReadStream(SAMPLE);
  const { created, status, errors } = await container.get(ImportProducts).execute({ report, bytes, currency });
  if (status !== 'completed') throw new Error(`The sample catalogue could not be read: ${errors[0]?.message}`);
  progress(`filled the shelves with a sample pet shop (${created} rows)`);
}
