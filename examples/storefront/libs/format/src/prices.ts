const euros = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });

/** A price in whole cents, as the shop writes it: `formatPrice(4990)` is `€49.90`. */
export function formatPrice(cents: number): string {
  return euros.format(cents / 100);
}
