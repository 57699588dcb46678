import { Link, useSearchParams } from "react-router";

import { ProductCard } from "~/ProductCard";
import { products } from "~/products";

const shelves = [
  { kind: "", label: "Everything" },
  { kind: "brew", label: "Brew" },
  { kind: "table", label: "Table" },
  { kind: "linen", label: "Linen" },
] as const;

/** All products, or one shelf of them (`?shelf=brew`). */
export function ProductList() {
  const [params] = useSearchParams();
  const chosen = params.get("shelf") ?? "";
  const shown = products.filter((product) => chosen === "" || product.kind === chosen);

  return (
    <>
      <title>Shop · Morrow</title>
      <div className="catalog-head">
        <h1>The shop</h1>
        <nav aria-label="Shelves">
          <ul className="catalog-shelves">
            {shelves.map(({ kind, label }) => (
              <li key={label}>
                <Link
                  to={kind ? `?shelf=${kind}` : "."}
                  className="catalog-shelf"
                  aria-current={kind === chosen ? "page" : "false"}
                  data-testid={`shelf-${kind || "all"}`}
                >
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      {shown.length > 0 ? (
        <ul className="catalog-grid" data-testid="product-list">
          {shown.map((product) => (
            <ProductCard key={product.id} product={product} href={product.id} />
          ))}
        </ul>
      ) : (
        <p className="ui-quiet">Nothing stands on that shelf.</p>
      )}
    </>
  );
}
