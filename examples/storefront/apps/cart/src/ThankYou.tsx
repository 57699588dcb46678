import { formatDateRange, formatPrice } from "@storefront/format";
import type { Order } from "@storefront/store";
import { Card, buttonClass } from "@storefront/ui";
import { useEffect, useRef } from "react";
import { Link } from "react-router";

import { deliveryWindow } from "./delivery";

export interface ThankYouProps {
  readonly order: Order;
  /** Path of the customer's account in the host's routes. */
  readonly accountPath: string;
}

export function ThankYou({ order, accountPath }: ThankYouProps) {
  const { from, to } = deliveryWindow(order.placedAt);
  const heading = useRef<HTMLHeadingElement>(null);

  // The button that brought us here is gone, and the keyboard's place on the page with it.
  useEffect(() => heading.current?.focus(), []);

  return (
    <Card className="cart-thanks" data-testid="thank-you">
      <title>Thank you · Morrow</title>
      <h1 ref={heading} tabIndex={-1}>Thank you</h1>
      <p>
        Order {order.number} over {formatPrice(order.totalCents)} is on its way to you. Expect it{" "}
        {formatDateRange(from, to)}.
      </p>
      <Link to={accountPath} className={buttonClass("outline")}>
        See your orders
      </Link>
    </Card>
  );
}
