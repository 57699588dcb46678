// Keeps the sandbox's random path out of what is bundled.
import Module, { createRequire } from "node:module";

const BUNDLER_RUNTIME = "@module-federation/webpack-bundler-runtime";

/**
 * Both federation plugins write the absolute path of the bundler runtime into a `data:` module, whose
 * text is part of module ids and of source maps. Makes that one lookup (the only one with `paths`)
 * answer with the bare request, which `runtimeAlias` then resolves.
 */
export function keepRuntimeRequestRelative() {
  const original = Module._resolveFilename;
  Module._resolveFilename = function resolveFilename(request, parent, isMain, options) {
    // `@rspack/core` asks for the package, webpack's federation plugin for the file.
    const isRuntime = request === BUNDLER_RUNTIME || request === `${BUNDLER_RUNTIME}/bundler`;
    if (isRuntime && options?.paths) return BUNDLER_RUNTIME;
    return original.call(this, request, parent, isMain, options);
  };
}

/**
 * The aliases lead to the packages' ES modules. By itself Rspack's plugin takes the CommonJS ones,
 * which can't be shaken: 119 kB of entry where these make it 91 kB (Rspack 2.2.9, runtime 2.9.2).
 *
 * @param {string} runtimeKey the key under which the bundler's federation plugin sets an alias for
 *   `@module-federation/runtime`, unless there is one already
 * @returns {Record<string, string>} entries for `resolve.alias`
 */
export function runtimeAlias(runtimeKey) {
  const { resolve } = createRequire(import.meta.url);
  return {
    [`${BUNDLER_RUNTIME}$`]: resolve(`${BUNDLER_RUNTIME}/bundler`),
    [runtimeKey]: resolve("@module-federation/runtime/bundler"),
  };
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
