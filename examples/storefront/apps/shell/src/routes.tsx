import { Navigate } from "react-router";
import type { RouteObject } from "react-router";

import { HomePage } from "./HomePage";
import { Layout } from "./Layout";
import { NotFoundPage } from "./NotFoundPage";
import { paths } from "./paths";
import { AccountPage, CartPage, CatalogPage } from "./remoteComponents";

export const routes: RouteObject[] = [
  {
    element: <Layout />,
    children: [
      { index: true, element: <HomePage /> },
      // A static server may show the entry page under its file name.
      { path: "index.html", element: <Navigate to={paths.home} replace /> },
      { path: `${paths.catalog}/*`, element: <CatalogPage /> },
      {
        path: paths.cart,
        element: <CartPage catalogPath={paths.catalog} accountPath={paths.account} />,
      },
      { path: paths.account, element: <AccountPage /> },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
];
