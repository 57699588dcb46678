import { PageBlueprint, createFrontendPlugin, createRouteRef } from "@backstage/frontend-plugin-api";

const rootRouteRef = createRouteRef();

const berthsPage = PageBlueprint.make({
  params: {
    path: "/berths",
    routeRef: rootRouteRef,
    title: "Berths",
    icon: <Icon />,
    loader: () => import("./BerthsPage").then(({ BerthsPage }) => <BerthsPage />),
  },
});

export default createFrontendPlugin({
  pluginId: "berths",
  title: "Berths",
  routes: { root: rootRouteRef },
  extensions: [berthsPage],
});

function Icon() {
  return (
    <svg viewBox="0 0 24 24" width="1em" height="1em" fill="none" stroke="currentColor" aria-hidden>
      <path d="M12 8v13M8 12h8M4 14c0 4 3.5 7 8 7s8-3 8-7M12 3a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
