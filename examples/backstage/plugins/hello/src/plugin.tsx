import {
  PageBlueprint,
  coreExtensionData,
  createExtensionInput,
  createFrontendPlugin,
  createRouteRef,
} from "@backstage/frontend-plugin-api";

export const rootRouteRef = createRouteRef();

/** The welcome page. Modules put cards on it, through its input `cards`. */
const helloPage = PageBlueprint.makeWithOverrides({
  inputs: { cards: createExtensionInput([coreExtensionData.reactElement]) },
  factory(page, { inputs }) {
    const cards = inputs.cards.map((card) => card.get(coreExtensionData.reactElement));
    return page({
      path: "/hello",
      routeRef: rootRouteRef,
      title: "Hello",
      icon: <HelloIcon />,
      loader: () => import("./HelloPage").then(({ HelloPage }) => <HelloPage cards={cards} />),
    });
  },
});

export const helloPlugin = createFrontendPlugin({
  pluginId: "hello",
  title: "Hello",
  routes: { root: rootRouteRef },
  extensions: [helloPage],
});

function HelloIcon() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" aria-hidden>
      <path d="M20 2H4a2 2 0 0 0-2 2v18l4-4h14a2 2 0 0 0 2-2V4a2 2 0 0 0-2-2m-5 10H6v-2h9zm3-4H6V6h12z" />
    </svg>
  );
}
