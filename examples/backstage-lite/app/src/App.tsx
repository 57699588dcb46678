import { useMemo } from "react";
import { NavLink, Route, Routes } from "react-router-dom";

import { ApiProvider } from "./apis";
import type { Features } from "./features";
import { FrontPage } from "./FrontPage";
import { pagesOf } from "./miniature";

/** The frame: navigation on the left, and the page that the address names. */
export function App(props: Features) {
  const { features, errors } = props;
  const pages = useMemo(() => pagesOf(features), [features]);
  return (
    <ApiProvider pages={pages}>
      <div className="frame">
        <nav className="sidebar" aria-label="Pages">
          <NavLink to="/" end className="brand">
            <Lantern />
            Lantern
          </NavLink>
          <ul>
            {pages.map(({ id, path, title, icon }) => (
              <li key={id}>
                <NavLink to={path}>
                  <span className="nav-icon" aria-hidden>
                    {icon}
                  </span>
                  {title}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <main>
          {errors.length > 0 && (
            <section className="notice" role="alert" data-testid="errors">
              <h2>Not everything could be loaded</h2>
              <ul>
                {errors.map(({ message }) => (
                  <li key={message}>{message}</li>
                ))}
              </ul>
            </section>
          )}
          <Routes>
            <Route index element={<FrontPage {...props} />} />
            {pages.map(({ id, path, element }) => (
              <Route key={id} path={`${path}/*`} element={element} />
            ))}
            <Route path="*" element={<p className="progress">There is no page at this address.</p>} />
          </Routes>
        </main>
      </div>
    </ApiProvider>
  );
}

function Lantern() {
  return (
    <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden fill="none" stroke="currentColor">
      <path d="M9 4.5a3 3 0 0 1 6 0M7 5h10M8 5v13M16 5v13M6 18h12v2H6z" strokeWidth="1.5" />
      <path className="flame" d="M12 8c2 2.6 2.4 4 2.4 5.2a2.4 2.4 0 0 1-4.8 0C9.6 12 10 10.6 12 8z" />
    </svg>
  );
}
