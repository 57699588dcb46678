import { Link } from "react-router";

import { ProductCard } from "~/ProductCard";
import { products } from "~/products";

import "~/catalog.css";

export interface FeaturedProductsProps {
  /** Path of the catalog in the host's routes. */
  readonly catalogPath: string;
}

/** A row of chosen products, for any page of the host. */
export default function FeaturedProducts({ catalogPath }: FeaturedProductsProps) {
  return (
    <section aria-labelledby="featured-title" data-testid="featured-products">
      <div className="catalog-head">
        <h2 id="featured-title">On the table this week</h2>
        <Link to={catalogPath}>See everything</Link>
      </div>
      <ul className="catalog-grid">
        {products
          .filter((product) => product.featured)
          .map((product) => (
            <ProductCard
              key={product.id}
              product={product}
              href={`${catalogPath}/${product.id}`}
            />
          ))}
      </ul>
    </section>
  );
}
