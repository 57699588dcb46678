// The modules that the remotes expose, by the names that BUILD gives the remotes.

declare module "account/AccountPage" {
  export default function AccountPage(): import("react").ReactNode;
}

declare module "account/SignInButton" {
  export default function SignInButton(props: {
    readonly accountPath: string;
  }): import("react").ReactNode;
}

declare module "cart/CartBadge" {
  export default function CartBadge(props: {
    readonly cartPath: string;
  }): import("react").ReactNode;
}

declare module "cart/CartPage" {
  export default function CartPage(props: {
    readonly catalogPath: string;
    readonly accountPath: string;
  }): import("react").ReactNode;
}

declare module "catalog/CatalogPage" {
  export default function CatalogPage(): import("react").ReactNode;
}

declare module "catalog/FeaturedProducts" {
  export default function FeaturedProducts(props: {
    readonly catalogPath: string;
  }): import("react").ReactNode;
}
