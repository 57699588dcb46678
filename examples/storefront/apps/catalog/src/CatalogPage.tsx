import { Route, Routes } from "react-router";

import { ProductList } from "~/ProductList";
import { ProductPage } from "~/ProductPage";

import "~/catalog.css";

/** The catalog with its own routes; the host mounts it under `<any path>/*`. */
export default function CatalogPage() {
  return (
    <div data-testid="catalog-page">
      <Routes>
        <Route index element={<ProductList />} />
        <Route path=":productId" element={<ProductPage />} />
      </Routes>
    </div>
  );
}
