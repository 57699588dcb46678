import { buttonClass } from "@storefront/ui";
import { Link } from "react-router";

import morning from "./images/morning.svg";
import { paths } from "./paths";
import { FeaturedProducts } from "./remoteComponents";

export function HomePage() {
  return (
    <div data-testid="home-page">
      <title>Morrow</title>
      <section className="shell-hero">
        <div className="shell-hero__words">
          <h1>Make the first hour the best one.</h1>
          <p>
            Kettles that pour slowly, mugs that fit two hands, linen that gets better with age.
            Made in small workshops, mended for life.
          </p>
          <Link to={paths.catalog} className={buttonClass()} data-testid="hero-shop">
            Visit the shop
          </Link>
        </div>
        <img src={morning} alt="" width={560} height={440} />
      </section>
      <FeaturedProducts catalogPath={paths.catalog} />
    </div>
  );
}
