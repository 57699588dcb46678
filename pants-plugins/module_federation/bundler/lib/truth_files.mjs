// What lies in the output folder, and what made it.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/** The packages of the federation's runtime, which is part of every entry. */
export const FEDERATION = [
  "@module-federation/runtime",
  "@module-federation/runtime-core",
  "@module-federation/webpack-bundler-runtime",
];

/** @returns {Map<string, Buffer>} path below the folder, with slashes → content, in order of paths */
export function readFolder(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .map((name) => name.split(path.sep).join("/"));
  return new Map(names.sort().map((name) => [name, readFileSync(path.join(folder, name))]));
}

/** Size in bytes, and SHA-384 in base64 as subresource integrity writes it. */
export function describe(contents) {
  return [...contents].map(([name, content]) => ({
    path: name,
    bytes: content.length,
    sha384: createHash("sha384").update(content).digest("base64"),
  }));
}

/** Package → version, as installed beside this script. */
export function toolVersions(names) {
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
      return [name, JSON.parse(readFileSync(manifest, "utf8")).version];
    }),
  );
}
