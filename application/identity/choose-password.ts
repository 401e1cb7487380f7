import { isMadeOf, knownOf, requirePassword } from '../../domain/identity/password.ts';
import { invalidValue } from '../../domain/shared/domain-error.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { PasswordStrength } from '../ports/password-strength.ts';

interface Choice {
  readonly password: string;
  /** The name that the caller knows it by. */
  readonly field: string;
  readonly person: { readonly email: string; readonly name: string | null };
}

/** Turns a password that somebody wants from now on into its hash. Not for signing in: old ones stay good. */
export class ChoosePassword {
  readonly #ports: { readonly strength: PasswordStrength; readonly passwords: PasswordHasher };

  constructor(ports: { strength: PasswordStrength; passwords: PasswordHasher }) {
    this.#ports = ports;
  }

  /** @throws DomainError VALIDATION_ERROR that says what is wrong with it */
  async hash({ password, field, person }: Choice): Promise<string> {
    const { strength, passwords } = this.#ports;
    requirePassword(password, field);
    const known = knownOf(person);
    if (isMadeOf(password, known)) throw invalidValue(field, 'must not be made of your own name or e-mail address');
    const weakness = await strength.weaknessOf(password, known);
    if (weakness !== undefined) throw invalidValue(field, weakness);
    return passwords.hash(password);
  }
}
