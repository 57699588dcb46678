import assert from "node:assert/strict";
import test from "node:test";

import { DISCOUNT_CODE, FREE_SHIPPING_FROM, totalsOf } from "./totals.ts";

test("an empty cart costs nothing, shipping included", () => {
  assert.equal(totalsOf([]).total, 0);
});

test("small orders pay for shipping", () => {
  const totals = totalsOf([{ unitCents: 1995, quantity: 2 }]);
  assert.equal(totals.goods, 3990);
  assert.equal(totals.total, 3990 + totals.shipping);
  assert.ok(totals.shipping > 0);
});

test("shipping is free from the limit on", () => {
  assert.equal(totalsOf([{ unitCents: FREE_SHIPPING_FROM, quantity: 1 }]).shipping, 0);
});

test("a discount can take an order below the limit", () => {
  const lines = [{ unitCents: FREE_SHIPPING_FROM, quantity: 1 }];
  assert.ok(totalsOf(lines, ` ${DISCOUNT_CODE.toLowerCase()} `).shipping > 0);
});

test("instalments add up to the total, whatever the cents", () => {
  for (let unitCents = 1; unitCents < 500; unitCents += 1) {
    const { instalments, total } = totalsOf([{ unitCents, quantity: 1 }]);
    assert.equal(
      instalments.reduce((sum, part) => sum + part, 0),
      total,
    );
  }
});
