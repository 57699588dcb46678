// Decides where packages go in folders, as npm does: every package must find, by Node's walk through
// the `node_modules` above it, exactly the copies that a graph gives it.
import path from "node:path";

// How often a copy may lie inside itself before it would for ever.
const MAX_INSIDE_ITSELF = 2;

/**
 * One place of the new layout: the project, a workspace package, or an installed copy.
 *
 * @typedef {object} Place
 * @property {string} path relative to the project
 * @property {string | null} instance what is there: an id of the graph; null for a bundled package
 * @property {boolean} isLink whether it is a link to a workspace package
 * @property {Place | null} above the place whose `node_modules` Node looks into next
 * @property {Map<string, Place>} children name → what is in this place's `node_modules`
 * @property {Set<string>} passed names that something below finds further up: they must not be put here
 */

/**
 * Decides where copies go. Breadth first: what a package needs itself is placed before what its
 * dependencies need. Each goes as far up as it can without coming between a package placed before
 * and the copy that this one finds, but stays beside its own dependencies: what was one copy for a
 * package and its plugins (its peer, mostly) must not become two.
 *
 * @param {Map<string, Map<string, string>>} graph id → name → id of the dependency; workspace packages
 *   are ids too, and their folders relative to the project, the project itself is `""`
 * @param {string[]} importers folders of the workspace packages, the project's `""` among them
 * @param {Map<string, Set<string>>} bundled id → names in a package's own `node_modules`
 * @returns {Place[]} all places but those of the importers, outer ones before inner ones
 */
export function decidePlaces(graph, importers, bundled = new Map()) {
  const isImporter = new Set(importers);
  const favourites = mostWanted(graph);
  const queue = [];
  for (const folder of [...importers].sort(byDepth)) {
    const above = queue.filter((place) => isBelow(folder, place.path)).pop() ?? null;
    queue.push(newPlace(folder, folder, above));
  }
  const root = queue[0];
  const placed = [];
  for (const place of queue) {
    // A workspace package is a link: it finds its dependencies from the folder that it leads to.
    if (place.isLink) continue;
    const dependencies = inOrder(graph, graph.get(place.instance) ?? new Map());
    for (const [name, wanted] of dependencies) {
      if (bundled.get(place.instance)?.has(name)) continue;
      const between = [];
      let level = place;
      while (level && !level.children.has(name)) {
        between.push(level);
        level = level.above;
      }
      if (level?.children.get(name).instance === wanted) {
        for (const each of between) each.passed.add(name);
        continue;
      }
      let best = 0;
      let fewest = Infinity;
      for (const [position, each] of between.entries()) {
        if (each.passed.has(name)) continue;
        if (each === root && position > 0 && favourites.get(name) !== wanted) continue;
        const needs = isImporter.has(wanted) ? undefined : graph.get(wanted);
        const count = conflicts(needs, place, each);
        if (count > fewest) continue;
        best = position;
        fewest = count;
      }
      for (const each of between.slice(0, best)) each.passed.add(name);
      const target = between[best];
      const child = newPlace(path.posix.join(target.path, "node_modules", name), wanted, target);
      if (timesInside(target, wanted) > MAX_INSIDE_ITSELF) {
        throw new Error(`${child.path}: these packages need each other's other versions, endlessly`);
      }
      child.isLink = isImporter.has(wanted);
      for (const inner of bundled.get(wanted) ?? []) {
        child.children.set(inner, newPlace(`${child.path}/node_modules/${inner}`, null, child));
      }
      target.children.set(name, child);
      placed.push(child);
      queue.push(child);
    }
  }
  return placed;
}

/** Of a package's dependencies first those that others of them need too, such as their peers. */
function inOrder(graph, links) {
  const needed = new Map();
  for (const id of links.values()) {
    for (const [name, inner] of graph.get(id) ?? []) {
      if (links.get(name) === inner) needed.set(name, (needed.get(name) ?? 0) + 1);
    }
  }
  const rank = (name) => needed.get(name) ?? 0;
  return [...links].sort(([a], [b]) => rank(b) - rank(a) || (a < b ? -1 : 1));
}

/**
 * How many of a package's dependencies would have to be there a second time, if the package that
 * `place` needs were put into `target` above it.
 */
function conflicts(links, place, target) {
  let count = 0;
  for (const [name, id] of links ?? []) {
    const there = find(target, name);
    if (there ? there !== id : find(place, name) === id) count += 1;
  }
  return count;
}

function timesInside(place, instance) {
  let times = 0;
  for (let level = place; level; level = level.above) if (level.instance === instance) times += 1;
  return times;
}

function find(place, name) {
  let level = place;
  while (level && !level.children.has(name)) level = level.above;
  return level?.children.get(name).instance;
}

/** For each name the copy that goes to the top: most dependents want it, and it wants such itself. */
function mostWanted(graph) {
  const counts = new Map();
  for (const links of graph.values()) {
    for (const [name, id] of links) {
      if (!counts.has(name)) counts.set(name, new Map());
      counts.get(name).set(id, (counts.get(name).get(id) ?? 0) + 1);
    }
  }
  const best = new Map();
  function choose(strangers) {
    for (const [name, ids] of counts) {
      const order = [...ids].sort(
        ([a, m], [b, n]) => n - m || strangers(a) - strangers(b) || (a < b ? -1 : 1),
      );
      best.set(name, order[0][0]);
    }
  }
  choose(() => 0);
  const first = new Map(best);
  choose((id) => [...(graph.get(id) ?? [])].filter(([name, to]) => first.get(name) !== to).length);
  return best;
}

function newPlace(place, instance, above) {
  return { path: place, instance, isLink: false, above, children: new Map(), passed: new Set() };
}

function isBelow(folder, other) {
  return other === "" ? folder !== "" : folder.startsWith(`${other}/`);
}

function byDepth(a, b) {
  const depth = (folder) => (folder === "" ? 0 : folder.split("/").length);
  return depth(a) - depth(b) || (a < b ? -1 : 1);
}
