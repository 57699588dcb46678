import {
  coreExtensionData,
  createExtension,
  createFrontendModule,
} from "@backstage/frontend-plugin-api";

import { TipCard } from "./TipCard";

const tipCard = createExtension({
  name: "tip",
  attachTo: { id: "page:hello", input: "cards" },
  output: [coreExtensionData.reactElement],
  factory: () => [coreExtensionData.reactElement(<TipCard />)],
});

/** What is tried out before it becomes part of the plugin. */
export default createFrontendModule({ pluginId: "hello", extensions: [tipCard] });
