import { formatPrice } from "@storefront/format";
import { EmptyState, Picture, buttonClass } from "@storefront/ui";
import { Link, useParams } from "react-router";

import { AddToCart } from "~/AddToCart";
import { productById } from "~/products";

export function ProductPage() {
  const { productId } = useParams();
  const product = productById(productId);

  if (!product) {
    return (
      <EmptyState title="We do not have that">
        <p>It may have sold out for good.</p>
        <Link to=".." className={buttonClass("outline")}>
          Back to the shop
        </Link>
      </EmptyState>
    );
  }
  return (
    <article className="catalog-product" data-testid="product-page">
      <title>{`${product.name} · Morrow`}</title>
      <Picture src={product.image} tint={product.tint} alt={product.name} />
      <div>
        <Link to="..">Back to the shop</Link>
        <h1>{product.name}</h1>
        <p className="catalog-product__line">{product.line}</p>
        <p>{product.about}</p>
        <div className="catalog-product__buy">
          <span className="catalog-price catalog-price--large">
            {formatPrice(product.unitCents)}
          </span>
          <AddToCart product={product} />
        </div>
      </div>
    </article>
  );
}
