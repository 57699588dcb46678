import { EmptyState, buttonClass } from "@storefront/ui";
import { Link } from "react-router";

import { paths } from "./paths";

export function NotFoundPage() {
  return (
    <EmptyState title="There is no such page">
      <title>Not found · Morrow</title>
      <p>The address may have a slip of the pen in it.</p>
      <Link to={paths.home} className={buttonClass("outline")}>
        To the front page
      </Link>
    </EmptyState>
  );
}
