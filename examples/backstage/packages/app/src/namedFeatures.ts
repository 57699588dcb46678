/** The guide's second sample: a feature loader that names its remotes and their modules. */
import { createFrontendFeatureLoader, type FrontendFeature } from "@backstage/frontend-plugin-api";
import { createInstance } from "@module-federation/runtime";

import { folder } from "./folder";
import { buildRuntimeSharedUserOption } from "./sharedDependencies";

const instance = createInstance({ name: "app", remotes: [] });

export const namedFeatures = createFrontendFeatureLoader({
  async loader() {
    instance.registerShared((await buildRuntimeSharedUserOption()).shared);
    instance.registerRemotes([
      {
        name: "internal__plugin_hello",
        entry: new URL("../../plugins.hello/remote/mf-manifest.json", folder).href,
      },
      {
        name: "internal__operations",
        entry: new URL("../../plugins.operations/remote/mf-manifest.json", folder).href,
      },
    ]);
    const hello = await feature("internal__plugin_hello");
    const alpha = await feature("internal__plugin_hello/alpha");
    const onCall = await feature("internal__operations/on-call");
    return [hello, alpha, onCall];
  },
});

async function feature(id: string): Promise<FrontendFeature> {
  const module = await instance.loadRemote<{ default: FrontendFeature }>(id);
  if (!module) throw new Error(`${id} has no exports.`);
  return module.default;
}
