import { clearCart } from "./cart";
import type { CartLine } from "./cart";
import { observable, useObservable } from "./observable";

export interface Order {
  /** Number on the receipt, unique among the orders of this visit. */
  readonly number: number;
  readonly placedAt: Date;
  readonly lines: readonly CartLine[];
  /** What was paid, in whole cents. */
  readonly totalCents: number;
}

const FIRST_ORDER_NUMBER = 1042;

const orders = observable<readonly Order[]>([]);

/** The orders of this visit, newest first. */
export function useOrders(): readonly Order[] {
  return useObservable(orders);
}

/** Turns the given lines into an order and empties the cart. */
export function placeOrder(lines: readonly CartLine[], totalCents: number): Order {
  const earlier = orders.get();
  const order: Order = {
    number: FIRST_ORDER_NUMBER + earlier.length,
    placedAt: new Date(),
    lines,
    totalCents,
  };
  orders.set([order, ...earlier]);
  clearCart();
  return order;
}
