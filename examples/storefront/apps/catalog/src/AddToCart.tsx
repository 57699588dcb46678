import { addToCart } from "@storefront/store";
import type { ButtonKind } from "@storefront/ui";
import { Button } from "@storefront/ui";
import { useEffect, useState } from "react";

import type { Product } from "~/products";

/** How long the button confirms, in milliseconds. */
const CONFIRMATION = 1600;

export interface AddToCartProps {
  readonly product: Product;
  readonly kind?: ButtonKind;
}

export function AddToCart({ product, kind = "solid" }: AddToCartProps) {
  const [added, setAdded] = useState(0);

  useEffect(() => {
    if (added === 0) {
      return undefined;
    }
    const timer = setTimeout(() => setAdded(0), CONFIRMATION);
    return () => clearTimeout(timer);
  }, [added]);

  return (
    <>
      <Button
        kind={kind}
        data-testid={`add-${product.id}`}
        aria-label={`${added > 0 ? "Added" : "Add to cart"}: ${product.name}`}
        onClick={() => {
          const { id, name, unitCents, image, tint } = product;
          addToCart({ id, name, unitCents, image, tint });
          setAdded(added + 1);
        }}
      >
        {added > 0 ? "Added" : "Add to cart"}
      </Button>
      <span role="status" className="ui-visually-hidden">
        {added > 0 ? `${product.name} is in your cart.` : ""}
      </span>
    </>
  );
}
