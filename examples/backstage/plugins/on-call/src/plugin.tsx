import { PageBlueprint, createFrontendPlugin, createRouteRef } from "@backstage/frontend-plugin-api";

export const rootRouteRef = createRouteRef();

const onCallPage = PageBlueprint.make({
  params: {
    path: "/on-call",
    routeRef: rootRouteRef,
    title: "On call",
    icon: <PluginIcon />,
    loader: () => import("./OnCallPage").then(({ OnCallPage }) => <OnCallPage />),
  },
});

export const onCallPlugin = createFrontendPlugin({
  pluginId: "on-call",
  title: "On call",
  routes: { root: rootRouteRef },
  extensions: [onCallPage],
});

function PluginIcon() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" aria-hidden>
      <path d="M12 2a7 7 0 0 0-7 7v5l-2 3h18l-2-3V9a7 7 0 0 0-7-7M9.5 19a2.5 2.5 0 0 0 5 0z" />
    </svg>
  );
}
