import { PageBlueprint, createFrontendPlugin, createRouteRef } from "@backstage/frontend-plugin-api";

export const rootRouteRef = createRouteRef();

const releasesPage = PageBlueprint.make({
  params: {
    path: "/releases",
    routeRef: rootRouteRef,
    title: "Releases",
    icon: <PluginIcon />,
    loader: () => import("./ReleasesPage").then(({ ReleasesPage }) => <ReleasesPage />),
  },
});

export const releasesPlugin = createFrontendPlugin({
  pluginId: "releases",
  title: "Releases",
  routes: { root: rootRouteRef },
  extensions: [releasesPage],
});

function PluginIcon() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" aria-hidden>
      <path d="M12 2c4 3 6 7 6 12l-3 3H9l-3-3c0-5 2-9 6-12m0 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4M9 18h6l-3 4z" />
    </svg>
  );
}
