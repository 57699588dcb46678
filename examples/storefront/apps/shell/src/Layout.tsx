import { Link, NavLink, Outlet, ScrollRestoration } from "react-router";

import logo from "./images/morrow.svg";
import { paths } from "./paths";
import { CartBadge, SignInButton } from "./remoteComponents";

import "./shell.css";

/** The frame around every page. */
export function Layout() {
  return (
    <>
      <link rel="icon" type="image/svg+xml" href={logo} />
      <a href="#main" className="shell-skip">
        Skip to content
      </a>
      <header className="shell-header">
        <div className="ui-page shell-bar">
          <Link to={paths.home} className="shell-brand" data-testid="brand">
            <img src={logo} alt="" width={34} height={34} />
            <span>Morrow</span>
          </Link>
          <nav aria-label="Main">
            <NavLink to={paths.catalog} className="shell-nav" data-testid="nav-shop">
              Shop
            </NavLink>
          </nav>
          <div className="shell-tools">
            <SignInButton accountPath={paths.account} />
            <CartBadge cartPath={paths.cart} />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="ui-page shell-main">
        <Outlet />
      </main>
      <footer className="shell-footer">
        <div className="ui-page">
          <p>Morrow. Things for the first hour of the day.</p>
          <p className="ui-quiet">
            This page is put together in your browser from four bundles, built apart: shell,
            catalog, cart and account.
          </p>
        </div>
      </footer>
      <ScrollRestoration />
    </>
  );
}
