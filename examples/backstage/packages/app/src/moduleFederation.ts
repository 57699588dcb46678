/** The guide's first sample: one instance of the federation runtime, whose remotes are known by name. */
import { createInstance, type ModuleFederation } from "@module-federation/runtime";

import { folder } from "./folder";
import { report } from "./problems";
import { buildRuntimeSharedUserOption } from "./sharedDependencies";

/** Starts the runtime with everything that this host shares, and one remote. */
export async function initializeModuleFederation(): Promise<ModuleFederation> {
  const { shared, errors } = await buildRuntimeSharedUserOption();
  for (const error of errors) {
    report(error.message, error.cause);
  }
  return createInstance({
    name: "app",
    remotes: [
      {
        name: "internal__plugin_hello",
        entry: new URL("../../plugins.hello/remote/mf-manifest.json", folder).href,
      },
    ],
    shared,
  });
}

/** Loads a module of a remote: `<remote>` for its root, else `<remote>/<module>`. */
export async function loadRemote<T extends object>(
  instance: ModuleFederation,
  id: string,
): Promise<T> {
  const exports = await instance.loadRemote<T>(id);
  if (!exports) throw new Error(`${id} has no exports.`);
  return exports;
}
