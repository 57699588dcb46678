// A plugin of the federation runtime, bundled into every container that has remotes: an entry
// such as "../../apps.cart/remote/mf-manifest.json" is meant from the folder this container was
// loaded from, not from the page's address, which a client-side router changes.
export default function remoteUrls() {
  return {
    name: "pants-module-federation-remote-urls",
    beforeInit(args) {
      for (const remote of args.userOptions.remotes ?? []) {
        if (typeof remote.entry === "string") {
          remote.entry = new URL(remote.entry, containerUrl()).href;
        }
      }
      return args;
    },
  };
}

function containerUrl() {
  return new URL(__webpack_public_path__, globalThis.location?.href).href;
}
