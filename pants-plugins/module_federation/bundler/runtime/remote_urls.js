// A plugin of the federation runtime, bundled into every container that has remotes.

/** @returns {import("@module-federation/runtime").ModuleFederationRuntimePlugin} */
export default function remoteUrls() {
  return {
    name: "pants-module-federation-remote-urls",
    // An entry such as "../../apps.cart/remote/mf-manifest.json" is meant from the folder that this
    // container was loaded from, not from the page's address, which a client-side router changes.
    beforeInit(args) {
      for (const remote of args.userOptions.remotes ?? []) {
        if (typeof remote.entry === "string") {
          remote.entry = new URL(remote.entry, containerUrl()).href;
        }
      }
      return args;
    },
    // One remote that can't be reached must not keep the page from starting. At the start the runtime
    // asks every remote for what it shares; it takes a missing entry for nothing shared, but a missing
    // manifest for a failure of its own (runtime-core 2.9.2, shared/index, getRemoteModuleAndOptions).
    // `afterResolve` is its name for the loading of a manifest; `id` is the manifest's address then.
    errorLoadRemote({ lifecycle, id, remote }) {
      return lifecycle === "afterResolve" ? manifestOfEntry(id, remote.name) : undefined;
    },
  };
}

function containerUrl() {
  return new URL(__webpack_public_path__, globalThis.location?.href).href;
}

/** A manifest that knows only where `remoteEntry.js` would be. */
function manifestOfEntry(manifestUrl, name) {
  return {
    id: name,
    name,
    metaData: {
      name,
      type: "app",
      globalName: name,
      pluginVersion: "",
      buildInfo: { buildVersion: "", buildName: "" },
      publicPath: new URL(".", manifestUrl).href,
      remoteEntry: { name: "remoteEntry.js", path: "", type: "global" },
      types: { name: "", path: "", zip: "" },
    },
    shared: [],
    remotes: [],
    exposes: [],
  };
}
