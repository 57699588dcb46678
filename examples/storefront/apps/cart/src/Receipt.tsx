import { formatDateRange, formatPrice } from "@storefront/format";
import type { CartLine } from "@storefront/store";
import { Button, Card, Field } from "@storefront/ui";
import { useState } from "react";

import { deliveryWindow } from "./delivery";
import { DISCOUNT_CODE, FREE_SHIPPING_FROM, isDiscountCode, totalsOf } from "./totals";

export interface ReceiptProps {
  readonly lines: readonly CartLine[];
  readonly onCheckout: (totalCents: number) => void;
}

function codeHint(code: string): string {
  if (code.trim() === "") {
    return `New here? ${DISCOUNT_CODE} takes 10% off.`;
  }
  return isDiscountCode(code) ? "10% off, with our thanks." : "We do not know that code.";
}

export function Receipt({ lines, onCheckout }: ReceiptProps) {
  const [code, setCode] = useState("");
  const { goods, discount, shipping, total, instalments } = totalsOf(lines, code);
  const { from, to } = deliveryWindow(new Date());

  return (
    <Card className="cart-receipt" aria-labelledby="receipt-title">
      <h2 id="receipt-title">Receipt</h2>
      <dl className="cart-sums">
        <div>
          <dt>Goods</dt>
          <dd data-testid="goods">{formatPrice(goods)}</dd>
        </div>
        {discount > 0 ? (
          <div>
            <dt>Discount</dt>
            <dd data-testid="discount">{formatPrice(-discount)}</dd>
          </div>
        ) : null}
        <div>
          <dt>Shipping</dt>
          <dd data-testid="shipping">{shipping === 0 ? "Free" : formatPrice(shipping)}</dd>
        </div>
        <div className="cart-sums__total">
          <dt>Total</dt>
          <dd data-testid="total">{formatPrice(total)}</dd>
        </div>
      </dl>
      <Field
        label="Discount code"
        autoComplete="off"
        value={code}
        hint={codeHint(code)}
        data-testid="discount-code"
        onChange={(event) => setCode(event.target.value)}
      />
      <p className="ui-quiet">
        Arrives {formatDateRange(from, to)}.
        {shipping > 0 ? ` Ships free from ${formatPrice(FREE_SHIPPING_FROM)}.` : null} Or pay in
        three: {instalments.map(formatPrice).join(", ")}.
      </p>
      <Button className="cart-checkout" data-testid="checkout" onClick={() => onCheckout(total)}>
        Place the order
      </Button>
    </Card>
  );
}
