import { formatDate, formatPrice } from "@storefront/format";
import type { Customer, Order } from "@storefront/store";
import { cartCount, signOut, useOrders } from "@storefront/store";
import { Button, Card, EmptyState } from "@storefront/ui";

import { daysLeft, returnDeadline } from "./returns";

export interface OrdersProps {
  readonly customer: Customer;
}

export function Orders({ customer }: OrdersProps) {
  const orders = useOrders();
  return (
    <>
      <div className="account-head">
        <div>
          <h1>Good morning, {customer.name}</h1>
          <p className="ui-quiet">{customer.email}</p>
        </div>
        <Button kind="outline" data-testid="sign-out" onClick={signOut}>
          Sign out
        </Button>
      </div>
      <h2>Your orders</h2>
      {orders.length === 0 ? (
        <EmptyState title="No orders yet">
          <p>What you order on this visit shows here.</p>
        </EmptyState>
      ) : (
        <ul className="account-orders" data-testid="orders">
          {orders.map((order) => (
            <OrderCard key={order.number} order={order} />
          ))}
        </ul>
      )}
    </>
  );
}

function OrderCard({ order }: { readonly order: Order }) {
  const deadline = returnDeadline(order.placedAt);
  const pieces = cartCount(order.lines);
  return (
    <li data-testid={`order-${order.number}`}>
      <Card>
        <div className="account-order">
          <h3>Order {order.number}</h3>
          <span>{formatPrice(order.totalCents)}</span>
        </div>
        <p>
          {pieces === 1 ? "1 piece" : `${pieces} pieces`}:{" "}
          {order.lines.map((line) => `${line.quantity}\u00a0×\u00a0${line.name}`).join(", ")}
        </p>
        <p className="ui-quiet">
          Returns until {formatDate(deadline)}, {daysLeft(deadline, new Date())} days from now.
        </p>
      </Card>
    </li>
  );
}
