import {
  PageBlueprint,
  coreExtensionData,
  createExtensionInput,
  createFrontendPlugin,
  createRouteRef,
} from "@backstage/frontend-plugin-api";

export const rootRouteRef = createRouteRef();

/** The tide table. Modules put cards below it, through its input `cards`. */
const tidesPage = PageBlueprint.makeWithOverrides({
  inputs: { cards: createExtensionInput([coreExtensionData.reactElement]) },
  factory(page, { inputs }) {
    const cards = inputs.cards.map((card) => card.get(coreExtensionData.reactElement));
    return page({
      path: "/tides",
      routeRef: rootRouteRef,
      title: "Tides",
      icon: <Icon />,
      loader: () => import("./TidesPage").then(({ TidesPage }) => <TidesPage cards={cards} />),
    });
  },
});

export const tidesPlugin = createFrontendPlugin({
  pluginId: "tides",
  title: "Tides",
  routes: { root: rootRouteRef },
  extensions: [tidesPage],
});

function Icon() {
  return (
    <svg viewBox="0 0 24 24" width="1em" height="1em" fill="none" stroke="currentColor" aria-hidden>
      <path d="M2 9c2.5-3 5-3 7.5 0s5 3 7.5 0S20.5 6.5 22 8M2 16c2.5-3 5-3 7.5 0s5 3 7.5 0S20.5 13.5 22 15" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
