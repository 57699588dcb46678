import { PageBlueprint, createFrontendPlugin, createRouteRef } from "@backstage/frontend-plugin-api";

const rootRouteRef = createRouteRef();

const homePage = PageBlueprint.make({
  params: {
    path: "/",
    routeRef: rootRouteRef,
    title: "Fjord",
    icon: <HomeIcon />,
    loader: () => import("./HomePage").then(({ HomePage }) => <HomePage />),
  },
});

/** The front page, which is the app's own. */
export const homePlugin = createFrontendPlugin({
  pluginId: "home",
  title: "Home",
  routes: { root: rootRouteRef },
  extensions: [homePage],
});

function HomeIcon() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" aria-hidden>
      <path d="M12 3 2 12h3v8h5v-6h4v6h5v-8h3z" />
    </svg>
  );
}
