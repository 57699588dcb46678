import { createFrontendFeatureLoader, type FrontendFeature } from "@backstage/frontend-plugin-api";

import { initializeModuleFederation, loadRemote } from "./moduleFederation";

/** The features of one remote, through the functions of the guide's first sample. */
export const instanceFeatures = createFrontendFeatureLoader({
  async loader() {
    const instance = await initializeModuleFederation();
    const modules = await Promise.all(
      ["internal__plugin_hello", "internal__plugin_hello/alpha"].map((id) =>
        loadRemote<{ default: FrontendFeature }>(instance, id),
      ),
    );
    return modules.map((module) => module.default);
  },
});
