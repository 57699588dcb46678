// What a bundle truly provides and asks for, read out of the code that was emitted: neither the
// configuration nor the bundler's own statistics and manifest tell it.
import { FEDERATION, describe, readFolder, toolVersions } from "./truth_files.mjs";
import { NotUnderstood } from "./truth_literals.mjs";
import { readRspackEntry } from "./truth_rspack.mjs";
import { readSharing, sorted } from "./truth_sharing.mjs";
import { readWebpackEntry } from "./truth_webpack.mjs";

export { NotUnderstood };

const VERSION = 1;
const READERS = { rspack: readRspackEntry, webpack: readWebpackEntry };

/**
 * Reads the entries of a compilation, after they were emitted.
 *
 * `{version: 1, name, strategy, scopes: [name],
 *   provides: [{scope, key, version, eager, singleton, strict, required, chunks: [file]}],
 *   consumes: [{scopes: [name], key, required, singleton, strict, eager, fallback, initial, atStart}],
 *   exposes: [{name, js: [file], css: [file]}],
 *   remotes: [{alias, name, entry, scopes: [name], exposes: [name]}],
 *   files: [{path, bytes, sha384}], tools: {name: version}}`; null stands for what the code does not
 * say. `fallback` is the version of the container's own copy. Lists are in the code's order.
 *
 * @param {import("webpack").Compilation} compilation Rspack's or webpack's
 * @param {{bundler: string, outputDirectory: string}} request
 * @param {string[]} tools the bundler's own packages, whose versions decide what is emitted
 * @param {string} plugin the federation plugin's package
 * @throws {NotUnderstood} the code does not look as the bundler is known to write it
 */
export function readTruth(compilation, { bundler, outputDirectory }, tools, plugin) {
  const readEntry = READERS[bundler];
  const contents = readFolder(outputDirectory);
  const chunkFiles = new Map(
    [...compilation.chunks].map((chunk) => [String(chunk.id), [...chunk.files]]),
  );
  const entries = [...compilation.entrypoints.values()]
    .flatMap((entry) => entry.getFiles())
    .filter((file) => file.endsWith(".js"));
  const parts = sorted(entries).map((file) =>
    readSharing(readEntry(file, contents.get(file).toString()), chunkFiles),
  );
  const [{ name, strategy }] = parts;
  if (typeof name !== "string" || typeof strategy !== "string") {
    throw new NotUnderstood("the container's name, or its share strategy, is not there");
  }
  if (parts.some((part) => part.name !== name || part.strategy !== strategy)) {
    throw new NotUnderstood("the entries of the container have several names or share strategies");
  }
  const [scopes = ["default"]] = parts.filter((part) => part.exposes.length > 0).map((part) => part.scopes);
  return {
    version: VERSION,
    name,
    strategy,
    scopes,
    provides: distinct(parts.flatMap((part) => part.provides)),
    consumes: mergeConsumes(parts.flatMap((part) => part.consumes)),
    exposes: distinct(parts.flatMap((part) => part.exposes)),
    remotes: mergeRemotes(parts.flatMap((part) => part.remotes)),
    files: describe(contents),
    tools: toolVersions([...tools, plugin, ...FEDERATION]),
  };
}

/** Several modules can ask in one and the same way; what one of them does at the start counts. */
function mergeConsumes(consumes) {
  const merged = new Map();
  for (const { initial, atStart, ...way } of consumes) {
    const key = JSON.stringify(way);
    const known = merged.get(key) ?? { initial: false, atStart: false };
    merged.set(key, { ...way, initial: known.initial || initial, atStart: known.atStart || atStart });
  }
  return [...merged.values()];
}

/** Every entry knows all remotes, but only those of their modules that are imported below it. */
function mergeRemotes(remotes) {
  const merged = new Map();
  for (const { exposes, ...remote } of remotes) {
    const known = merged.get(remote.alias)?.exposes ?? [];
    merged.set(remote.alias, { ...remote, exposes: sorted([...known, ...exposes]) });
  }
  return [...merged.values()];
}

function distinct(values) {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
