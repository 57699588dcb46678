// Keeps the sandbox's random path out of what is bundled.
import Module, { createRequire } from "node:module";

const RUNTIME = "@module-federation/webpack-bundler-runtime";

/**
 * `@rspack/core`'s ModuleFederationPlugin writes the absolute path of the bundler runtime into a
 * `data:` module, whose text is part of module ids and of source maps. Make that one lookup (the
 * only one with `paths`) answer with the bare request, and return the alias that resolves it.
 *
 * @returns {Record<string, string>} an entry for `resolve.alias`
 */
export function keepRuntimeRequestRelative() {
  const file = createRequire(import.meta.url).resolve(RUNTIME);
  const original = Module._resolveFilename;
  Module._resolveFilename = function resolveFilename(request, parent, isMain, options) {
    if (request === RUNTIME && options?.paths) return RUNTIME;
    return original.call(this, request, parent, isMain, options);
  };
  return { [`${RUNTIME}$`]: file };
}

/** Compares by code units, so that the order does not depend on a locale. */
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Puts the lists of a manifest into a fixed order: the bundler lists a host's remotes, and the
 * users of a shared module, in the random order of a hash map.
 *
 * @param {object} manifest parsed `mf-manifest.json`; changed in place
 */
export function sortManifest(manifest) {
  const key = (item) => JSON.stringify([item.name, item.alias, item.moduleName, item.path, item.version]);
  for (const list of [manifest.remotes, manifest.shared, manifest.exposes]) {
    list?.sort((a, b) => byText(key(a), key(b)));
  }
  for (const item of [...(manifest.remotes ?? []), ...(manifest.shared ?? [])]) {
    item.usedIn?.sort(byText);
  }
  for (const item of [...(manifest.shared ?? []), ...(manifest.exposes ?? [])]) {
    for (const kind of ["js", "css"]) {
      item.assets?.[kind]?.sync?.sort(byText);
      item.assets?.[kind]?.async?.sort(byText);
    }
  }
}
