import { placeOrder, useCart } from "@storefront/store";
import type { Order } from "@storefront/store";
import { EmptyState, buttonClass } from "@storefront/ui";
import { useState } from "react";
import { Link } from "react-router";

import { CartLines } from "./CartLines";
import { Receipt } from "./Receipt";
import { ThankYou } from "./ThankYou";

import "./cart.css";

export interface CartPageProps {
  /** Paths of other pages in the host's routes. */
  readonly catalogPath: string;
  readonly accountPath: string;
}

/** The cart, its sums, and the thanks after checkout. */
export default function CartPage({ catalogPath, accountPath }: CartPageProps) {
  const lines = useCart();
  const [order, setOrder] = useState<Order | null>(null);

  if (order && lines.length === 0) {
    return <ThankYou order={order} accountPath={accountPath} />;
  }
  return (
    <div data-testid="cart-page">
      <title>Cart · Morrow</title>
      <h1>Your cart</h1>
      {lines.length === 0 ? (
        <EmptyState title="Nothing here yet">
          <p>A good morning starts with a mug.</p>
          <Link to={catalogPath} className={buttonClass()}>
            Go to the shop
          </Link>
        </EmptyState>
      ) : (
        <div className="cart-columns">
          <CartLines lines={lines} />
          <Receipt
            lines={lines}
            onCheckout={(totalCents) => setOrder(placeOrder(lines, totalCents))}
          />
        </div>
      )}
    </div>
  );
}
