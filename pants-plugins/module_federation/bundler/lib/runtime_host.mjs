// What differs in the bundle of a runtime host: the application starts the federation runtime itself, so
// there is no federation plugin, but a module with the list of what it can hand over
// (`sharing/runtime_entry.py`). `request.runtimeHost` is null for every other container.
import path from "node:path";

/** The modules of the page's script: the list of shared modules comes before the application. */
export function pageEntry(request, root) {
  const entry = path.join(root, request.entryPoint);
  return request.runtimeHost ? [path.join(root, request.runtimeHost.sharedEntry), entry] : entry;
}

/**
 * Shared modules each have a chunk of their own. What two of these chunks need, or one of them and the
 * application, lies in one of them, not in both: react in react's chunk, for react-dom and everybody else.
 * All other chunks are split as for any container: by default with limits that keep them few.
 *
 * @param {{splitChunks?: object}} splitting how any container of this kind is split
 */
export function sharedChunks({ runtimeHost }, splitting) {
  if (!runtimeHost) return splitting;
  const { sharedChunks: prefix, applicationChunk } = runtimeHost;
  const isShared = ({ name }) => Boolean(name?.startsWith(prefix));
  const isOther = (chunk) => !isShared(chunk) && !chunk.canBeInitial();
  const groups = Object.entries(splitting.splitChunks?.cacheGroups ?? {})
    // Shared packages have their chunks here.
    .filter(([name]) => name !== "shared")
    .map(([name, group]) => [name, group && { ...group, chunks: isOther }]);
  return {
    splitChunks: {
      ...splitting.splitChunks,
      cacheGroups: {
        ...Object.fromEntries(groups),
        sharedModules: {
          chunks: (chunk) => chunk.name === applicationChunk || isShared(chunk),
          minChunks: 2,
          minSize: 0,
          priority: 30,
          reuseExistingChunk: true,
        },
      },
    },
  };
}

/**
 * The list is compiled in one way, whatever `type` the host's `package.json` has: there, an `import()` of
 * a CommonJS module would give nothing but its default export.
 */
export function sharedEntryRules({ runtimeHost }, root) {
  if (!runtimeHost) return [];
  const test = path.join(root, runtimeHost.sharedEntry);
  return [{ test: (file) => file === test, type: "javascript/auto", resolve: { fullySpecified: false } }];
}
