import "@storefront/ui/theme.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider, createBrowserRouter } from "react-router";

import { routes } from "./routes";

/** The address of the folder that this bundle was loaded from, as the bundler knows it at run time. */
declare const __webpack_public_path__: string;

// The shop works in whatever folder it is put: its routes start where its files lie.
const folder = new URL(__webpack_public_path__, document.baseURI);
const router = createBrowserRouter(routes, { basename: folder.pathname });

const container = document.getElementById("root");
if (!container) {
  throw new Error('The page has no element with the id "root" for the shop to live in.');
}
createRoot(container).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
