import { createApp } from "@backstage/frontend-defaults";

import { loadConfig } from "./config";
import { folder } from "./folder";
import { homePlugin } from "./home";
import { instanceFeatures } from "./instanceFeatures";
import { listedFeatures } from "./listedFeatures";
import { namedFeatures } from "./namedFeatures";
import { navModule } from "./nav";
import { signInModule } from "./signIn";

/** Ways to find plugins. `?features=named` in the address chooses another one than the first. */
const LOADERS = {
  listed: () => listedFeatures(new URL("remotes.json", folder)),
  named: () => namedFeatures,
  instance: () => instanceFeatures,
};

const chosen = new URLSearchParams(window.location.search).get("features") ?? "";
const loader = chosen in LOADERS ? LOADERS[chosen as keyof typeof LOADERS] : LOADERS.listed;

const app = createApp({
  features: [signInModule, navModule, homePlugin, loader()],
  advanced: { configLoader: loadConfig },
});

export default app.createRoot();
