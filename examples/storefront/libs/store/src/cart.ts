import { observable, useObservable } from "./observable";

/** What the catalog puts into the cart. */
export interface CartItem {
  readonly id: string;
  readonly name: string;
  /** Price of one piece, in whole cents. */
  readonly unitCents: number;
  /** Address of the picture. It belongs to the catalog's bundle. */
  readonly image: string;
  /** CSS colour behind the picture. */
  readonly tint: string;
}

export interface CartLine extends CartItem {
  readonly quantity: number;
}

const lines = observable<readonly CartLine[]>([]);

/** The cart's lines, in the order in which they were first added. */
export function useCart(): readonly CartLine[] {
  return useObservable(lines);
}

/** How many pieces the given lines hold together. */
export function cartCount(cart: readonly CartLine[]): number {
  return cart.reduce((count, line) => count + line.quantity, 0);
}

/** Adds one piece of an item, to its line where there is one already. */
export function addToCart(item: CartItem): void {
  const cart = lines.get();
  const line = cart.find(({ id }) => id === item.id);
  if (line) {
    setQuantity(line.id, line.quantity + 1);
    return;
  }
  lines.set([...cart, { ...item, quantity: 1 }]);
}

/** Sets the number of pieces of a line; none or fewer removes the line. */
export function setQuantity(id: string, quantity: number): void {
  const cart = lines.get();
  lines.set(
    quantity > 0
      ? cart.map((line) => (line.id === id ? { ...line, quantity } : line))
      : cart.filter((line) => line.id !== id),
  );
}

export function clearCart(): void {
  lines.set([]);
}
