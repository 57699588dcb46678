import { lazyRemote } from "./lazyRemote";

export const AccountPage = lazyRemote("account page", () => import("account/AccountPage"));
export const CartBadge = lazyRemote("cart badge", () => import("cart/CartBadge"));
export const CartPage = lazyRemote("cart", () => import("cart/CartPage"));
export const CatalogPage = lazyRemote("catalog", () => import("catalog/CatalogPage"));
export const FeaturedProducts = lazyRemote(
  "featured products",
  () => import("catalog/FeaturedProducts"),
);
export const SignInButton = lazyRemote("sign-in button", () => import("account/SignInButton"));
