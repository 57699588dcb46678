import { cartCount, useCart } from "@storefront/store";
import bag from "@storefront/ui/icons/bag.svg";
import { Link } from "react-router";

import * as classes from "./CartBadge.module.css";

export interface CartBadgeProps {
  /** Path of the cart in the host's routes. */
  readonly cartPath: string;
}

/** The link to the cart, with the number of pieces in it. */
export default function CartBadge({ cartPath }: CartBadgeProps) {
  const count = cartCount(useCart());
  const pieces = count === 1 ? "1 piece" : `${count} pieces`;
  return (
    <Link
      to={cartPath}
      className={classes.badge}
      aria-label={`Cart, ${pieces}`}
      data-testid="cart-badge"
    >
      <img src={bag} alt="" width={24} height={24} />
      <span className={classes.count} data-testid="cart-count" data-empty={count === 0}>
        {count}
      </span>
    </Link>
  );
}
