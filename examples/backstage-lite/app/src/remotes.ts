/** A remote as Backstage's dynamic features service lists it, and as the build wrote it beside the page. */
export interface Remote {
  readonly packageName: string;
  readonly remoteInfo: { readonly name: string; readonly entry: string };
  /** Mounts without their `./`; the package's root is `.`. */
  readonly exposedModules: readonly string[];
}

/** The address of the folder that this bundle was loaded from, as the bundler knows it at run time. */
declare const __webpack_public_path__: string;

const folder = new URL(__webpack_public_path__, document.baseURI);

/**
 * The remotes that lie beside this host.
 *
 * @throws Error if the list is not there.
 */
export async function listRemotes(): Promise<Remote[]> {
  const address = new URL("remotes.json", folder);
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`The list of remotes, ${address}, was answered with ${response.status}.`);
  }
  const remotes = (await response.json()) as Remote[];
  return remotes.map((remote) => ({
    ...remote,
    remoteInfo: { ...remote.remoteInfo, entry: new URL(remote.remoteInfo.entry, address).href },
  }));
}
