import { Cart } from '../../domain/cart/cart.ts';
import { CartId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { CartView } from './cart-view.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly secretTokens: SecretTokens;
  readonly clock: Clock;
  readonly ids: Ids;
}

export class OpenGuestCart {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** The token is told this once; whoever has it has the cart. */
  async execute(): Promise<CartView & { cartToken: string }> {
    const { unitOfWork, secretTokens, clock, ids } = this.#ports;
    const cartToken = secretTokens.next();
    const owner = { id: CartId(ids.next()), userId: null, tokenHash: secretTokens.hash(cartToken) };
    const cart = Cart.open(owner, { at: clock.now(), by: null });
    await unitOfWork.run(({ carts }) => carts.save(cart));
    return { cart: cart.snapshot(), lines: [], subtotal: null, cartToken };
  }
}
