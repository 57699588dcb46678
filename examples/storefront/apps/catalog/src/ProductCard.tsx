import { formatPrice } from "@storefront/format";
import { Picture } from "@storefront/ui";
import { Link } from "react-router";

import { AddToCart } from "~/AddToCart";
import type { Product } from "~/products";

export interface ProductCardProps {
  readonly product: Product;
  /** Path of the product's own page, absolute or relative to the current route. */
  readonly href: string;
}

export function ProductCard({ product, href }: ProductCardProps) {
  return (
    <li className="catalog-card" data-testid={`product-${product.id}`}>
      <Link to={href} className="catalog-card__link">
        <Picture src={product.image} tint={product.tint} />
        <span className="catalog-card__name">{product.name}</span>
      </Link>
      <p className="ui-quiet">{product.line}</p>
      <div className="catalog-card__buy">
        <span className="catalog-price">{formatPrice(product.unitCents)}</span>
        <AddToCart product={product} kind="outline" />
      </div>
    </li>
  );
}
