import currency from "currency.js";

/** What is counted of a cart's line. */
export interface Priced {
  readonly unitCents: number;
  readonly quantity: number;
}

/** Everything the receipt shows, in whole cents. */
export interface Totals {
  readonly goods: number;
  readonly discount: number;
  readonly shipping: number;
  readonly total: number;
  /** Three payments that add up to the total, to the cent. */
  readonly instalments: readonly number[];
}

export const DISCOUNT_CODE = "FIRSTLIGHT";
export const FREE_SHIPPING_FROM = 6000;

const DISCOUNT_SHARE = 0.1;
const SHIPPING = 490;
const INSTALMENTS = 3;

const cents = (value: number): currency => currency(value, { fromCents: true });

/** Whether a discount code, as a person types it, is the one the shop gave out. */
export function isDiscountCode(code: string): boolean {
  return code.trim().toUpperCase() === DISCOUNT_CODE;
}

/** The sums of a cart. A discount counts before the limit for free shipping is looked at. */
export function totalsOf(lines: readonly Priced[], code = ""): Totals {
  const goods = lines.reduce(
    (sum, line) => sum.add(cents(line.unitCents).multiply(line.quantity)),
    cents(0),
  );
  const discount = goods.multiply(isDiscountCode(code) ? DISCOUNT_SHARE : 0);
  const reduced = goods.subtract(discount);
  const shipsFree = lines.length === 0 || reduced.intValue >= FREE_SHIPPING_FROM;
  const shipping = cents(shipsFree ? 0 : SHIPPING);
  const total = reduced.add(shipping);
  return {
    goods: goods.intValue,
    discount: discount.intValue,
    shipping: shipping.intValue,
    total: total.intValue,
    instalments: total.distribute(INSTALMENTS).map((part) => part.intValue),
  };
}
