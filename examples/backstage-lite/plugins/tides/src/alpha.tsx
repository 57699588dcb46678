import {
  coreExtensionData,
  createExtension,
  createFrontendModule,
} from "@backstage/frontend-plugin-api";

import { MoonCard } from "./MoonCard";

const moonCard = createExtension({
  name: "moon",
  attachTo: { id: "page:tides", input: "cards" },
  output: [coreExtensionData.reactElement],
  factory: () => [coreExtensionData.reactElement(<MoonCard />)],
});

/** What is tried out before it becomes part of the plugin. */
export default createFrontendModule({ pluginId: "tides", extensions: [moonCard] });
