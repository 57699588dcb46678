// Turns pnpm's isolated layout, in which packages find each other through symbolic links, into folders
// as npm makes them. No lockfile is read: pnpm's links are the graph.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import path from "node:path";
import { decidePlaces } from "./placement.mjs";

/**
 * Replaces pnpm's `node_modules` folders.
 *
 * @param {string} here the project's folder
 * @param {string[]} members folders of the workspace packages, relative to it, without the project
 * @returns {Record<string, Record<string, string>>} `name@version` → all that the package was linked
 *   with, and any range: `packageExtensions` and `.pnpmfile.cjs` add to what its manifest says
 */
export function placePackages(here, members) {
  const importers = ["", ...members];
  const { graph, bundled } = readLinks(realpathSync(here), importers);
  const additions = dependencies(here, graph, importers);
  const places = decidePlaces(graph, importers, bundled);
  const isImporter = new Set(importers);
  const uses = new Map();
  for (const { instance } of places) uses.set(instance, (uses.get(instance) ?? 0) + 1);

  const aside = path.join(here, "__placed");
  for (const place of places) {
    const target = path.join(aside, place.path);
    mkdirSync(path.dirname(target), { recursive: true });
    if (isImporter.has(place.instance)) {
      const from = path.posix.dirname(place.path);
      symlinkSync(path.posix.relative(from, place.instance) || ".", target);
      continue;
    }
    const left = uses.get(place.instance) - 1;
    uses.set(place.instance, left);
    const source = path.join(here, place.instance);
    // Inner places come later, so the last use is free to take the folder away.
    if (left === 0) renameSync(source, target);
    else cpSync(source, target, { recursive: true, verbatimSymlinks: true });
    // pnpm's scripts for commands name the places that it had.
    rmSync(path.join(target, "node_modules/.bin"), { recursive: true, force: true });
  }
  for (const folder of importers) {
    const modules = path.join(here, folder, "node_modules");
    rmSync(modules, { recursive: true, force: true });
    const made = path.join(aside, folder, "node_modules");
    if (existsSync(made)) renameSync(made, modules);
  }
  rmSync(aside, { recursive: true, force: true });
  return additions;
}

function dependencies(here, graph, importers) {
  const found = {};
  for (const [id, links] of graph) {
    const file = path.join(here, id, "package.json");
    if (importers.includes(id) || !existsSync(file)) continue;
    const { name, version } = JSON.parse(readFileSync(file, "utf8"));
    found[`${name}@${version}`] = Object.fromEntries([...links.keys()].map((each) => [each, "*"]));
  }
  return found;
}

/** Reads pnpm's links: what each importer and each package of `node_modules/.pnpm` is given. */
function readLinks(here, importers) {
  const graph = new Map();
  const bundled = new Map();
  const ids = new Set(importers);
  const injected = injectedPackages(here, importers);

  function idOf(link) {
    let target;
    try {
      target = path.relative(here, realpathSync(link)).split(path.sep).join("/");
    } catch (error) {
      // `link:` may lead to a folder that is not part of an installation.
      if (error.code === "ENOENT") return undefined;
      throw error;
    }
    if (ids.has(target)) return target;
    if (!target.startsWith("node_modules/.pnpm/")) return undefined;
    return injected(target) ?? target;
  }

  function linksIn(modules, ownFolder) {
    const found = new Map();
    for (const name of packageNames(modules)) {
      const file = path.join(modules, name);
      if (file === ownFolder) continue;
      // What is no link is no part of the graph, and would be lost.
      if (!lstatSync(file).isSymbolicLink()) throw new Error(`${name} is a folder in ${modules}`);
      const id = idOf(file);
      if (id !== undefined) found.set(name, id);
    }
    return found;
  }

  const queue = [];
  function visit(id, links) {
    graph.set(id, links);
    queue.push(...links.values());
  }
  for (const folder of importers) visit(folder, linksIn(path.join(here, folder, "node_modules")));
  for (const id of queue) {
    if (graph.has(id)) continue;
    const folder = path.join(here, id);
    visit(id, linksIn(folder.slice(0, folder.lastIndexOf("/node_modules/") + 13), folder));
    bundled.set(id, new Set(packageNames(path.join(folder, "node_modules"))));
  }
  return { graph, bundled };
}

/**
 * pnpm copies "injected" workspace packages, with all their files, which no installation has here. A
 * bundle takes a workspace package from its own folder, so such a copy is the folder itself.
 */
function injectedPackages(here, importers) {
  const byName = new Map();
  for (const folder of importers) {
    const file = path.join(here, folder, "package.json");
    if (!existsSync(file)) continue;
    const { name } = JSON.parse(readFileSync(file, "utf8"));
    if (name) byName.set(name, folder);
  }
  return (id) => {
    const [, directory, name] = /^node_modules\/\.pnpm\/([^/]+)\/node_modules\/(.+)$/.exec(id) ?? [];
    // `@mix+ui@file+libs+ui(…)`; pnpm 8 leaves the name out.
    return /(^|@)file\+/.test(directory ?? "") ? byName.get(name) : undefined;
  };
}

/** Names of the packages in a `node_modules` folder, scoped ones as `@scope/name`. */
function packageNames(modules) {
  if (!existsSync(modules)) return [];
  return readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@")
        ? readdirSync(path.join(modules, name)).map((inner) => `${name}/${inner}`)
        : [name],
    );
}
