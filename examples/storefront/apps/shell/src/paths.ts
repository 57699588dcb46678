/** Where the host mounts its pages. Remotes are told; they know no path of their own. */
export const paths = {
  home: "/",
  catalog: "/shop",
  cart: "/cart",
  account: "/account",
} as const;
