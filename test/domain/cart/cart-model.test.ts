import { expect } from 'chai';
import * as fc from 'fast-check';
import { Cart } from '../../../domain/cart/cart.ts';
import { VariantId } from '../../../domain/shared/ids.ts';
import { aCart, ACT, usd } from '../../support/builders.ts';
import { codeOf } from '../../support/refusing.ts';

/** The simplest thing that could be a cart: how many of what. `changes` counts those that went through. */
interface Model {
  readonly lines: Map<VariantId, number>;
  changes: number;
}

interface Real {
  cart: Cart;
}

type Command = fc.Command<Model, Real>;

const VARIANTS = [1, 2, 3, 4].map(n => VariantId(`019cae1f-f000-7000-8000-00000000000${n}`));

/** A command of the cart: it happens to both, or it is refused with `refusal` and happens to neither. */
function command(
  title: string,
  refusal: (model: Model) => string | undefined,
  change: (lines: Map<VariantId, number>) => void,
  verb: (cart: Cart) => void,
): Command {
  return {
    check: () => true,
    toString: () => title,
    run(model, real) {
      const expected = refusal(model);
      if (expected) expect(codeOf(() => verb(real.cart))).to.equal(expected);
      else {
        verb(real.cart);
        change(model.lines);
        model.changes += 1;
      }
      const { lines, version } = real.cart.snapshot();
      expect(lines.map(line => [line.variantId, line.quantity])).to.deep.equal([...model.lines]);
      expect(version).to.equal(1 + model.changes);
    },
  };
}

const unknown =
  (id: VariantId) =>
  ({ lines }: Model): string | undefined =>
    lines.has(id) ? undefined : 'NOT_FOUND';

const variants = fc.constantFrom(...VARIANTS);
const quantities = fc.oneof(fc.integer({ min: 1, max: 999 }), fc.constantFrom(1, 998, 999));

const commands = [
  fc.tuple(variants, quantities).map(([id, quantity]) =>
    command(
      `add ${quantity} of ${id.at(-1)}`,
      ({ lines }) => ((lines.get(id) ?? 0) + quantity > 999 ? 'QUANTITY_TOO_LARGE' : undefined),
      lines => lines.set(id, (lines.get(id) ?? 0) + quantity),
      cart => cart.add(id, quantity, usd(quantity), ACT),
    ),
  ),
  fc.tuple(variants, quantities).map(([id, quantity]) =>
    command(
      `set ${id.at(-1)} to ${quantity}`,
      unknown(id),
      lines => lines.set(id, quantity),
      cart => cart.setQuantity(id, quantity, undefined, ACT),
    ),
  ),
  variants.map(id =>
    command(
      `remove ${id.at(-1)}`,
      unknown(id),
      lines => lines.delete(id),
      cart => cart.remove(id, ACT),
    ),
  ),
  fc.constant(
    command(
      'clear',
      () => undefined,
      lines => lines.clear(),
      cart => cart.clear(ACT),
    ),
  ),
  fc.constant<Command>({
    check: () => true,
    toString: () => 'store and load',
    run(_model, real) {
      real.cart = Cart.restore(real.cart.snapshot());
    },
  }),
];

describe('A cart, whatever is done to it in whatever order', () => {
  it('holds the same as a plain list of how many of what', () => {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 30 }), script => {
        fc.modelRun(() => ({ model: { lines: new Map(), changes: 0 }, real: { cart: aCart() } }), script);
      }),
    );
  });
});
