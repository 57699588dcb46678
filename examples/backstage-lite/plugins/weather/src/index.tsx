import { PageBlueprint, createFrontendPlugin, createRouteRef } from "@backstage/frontend-plugin-api";

const rootRouteRef = createRouteRef();

const weatherPage = PageBlueprint.make({
  params: {
    path: "/weather",
    routeRef: rootRouteRef,
    title: "Weather",
    icon: <Icon />,
    loader: () => import("./WeatherPage").then(({ WeatherPage }) => <WeatherPage />),
  },
});

export default createFrontendPlugin({
  pluginId: "weather",
  title: "Weather",
  routes: { root: rootRouteRef },
  extensions: [weatherPage],
});

function Icon() {
  return (
    <svg viewBox="0 0 24 24" width="1em" height="1em" fill="none" stroke="currentColor" aria-hidden>
      <path d="M7 19h10a4 4 0 0 0 .5-8 5.5 5.5 0 0 0-10.7-1A4.5 4.5 0 0 0 7 19" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
