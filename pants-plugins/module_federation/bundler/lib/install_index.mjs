// Reads an installed tree into the install index: every copy that is really there, with all that
// decides who can reach it. Its Python twin is `sharing/install_index.py`.
import { lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

const FIELDS = ["exports", "main", "module", "license"];

/**
 * @param {string} root the project's folder
 * @param {{name: string, version: string}} packageManager
 * @param {object} more
 * @param {string[]} more.members folders of the workspace packages, which need not be linked anywhere
 * @param {Record<string, Record<string, string>>} more.catalogs what `catalog:` specifiers stand for
 * @param {Record<string, Record<string, string>>} [more.additions] `name@version` → dependencies that the
 *   project's settings add to an installed package
 * @returns {object} the index, sorted by path; paths are relative to the project
 */
export function installIndex(root, packageManager, { members, catalogs, additions = {} }) {
  const packages = new Map();
  const links = new Map();
  const real = realpathSync(root);

  function addPackage(directory, workspace) {
    if (packages.has(directory)) return;
    const manifest = readManifest(path.join(root, directory, "package.json"));
    if (!manifest) return;
    const added = workspace ? {} : additions[`${manifest.name}@${manifest.version}`];
    packages.set(directory, entry(directory, manifest, workspace, added));
    addInstalled(path.posix.join(directory, "node_modules"));
  }

  function addInstalled(modules) {
    for (const name of packageNames(path.join(root, modules))) {
      const place = path.posix.join(modules, name);
      const absolute = path.join(root, place);
      if (!lstatSync(absolute).isSymbolicLink()) {
        addPackage(place, false);
        continue;
      }
      const target = path.relative(real, realpathSync(absolute)).split(path.sep).join("/");
      if (target.startsWith("..")) continue;
      links.set(place, target);
      addPackage(target, true);
    }
  }

  for (const folder of [".", ...members]) addPackage(folder, true);
  const byPath = (a, b) => (a.path < b.path ? -1 : 1);
  return {
    version: 1,
    packageManager,
    packages: [...packages.values()].sort(byPath),
    links: [...links].map(([place, target]) => ({ path: place, target })).sort(byPath),
    ...(Object.keys(catalogs).length > 0 && { catalogs }),
  };
}

function entry(directory, manifest, workspace, added = {}) {
  const optionalPeers = Object.entries(manifest.peerDependenciesMeta ?? {})
    .filter(([, meta]) => meta?.optional)
    .map(([name]) => name)
    .sort();
  const result = {
    path: directory === "." ? "" : directory,
    name: manifest.name ?? path.posix.basename(directory),
    version: manifest.version ?? null,
    dependencies: sorted(manifest.dependencies),
    optionalDependencies: sorted(manifest.optionalDependencies),
    peerDependencies: sorted(manifest.peerDependencies),
    optionalPeers,
  };
  const { dependencies, optionalDependencies, peerDependencies } = result;
  const declared = { ...dependencies, ...optionalDependencies, ...peerDependencies };
  const more = Object.entries(added).filter(([name]) => !Object.hasOwn(declared, name));
  result.dependencies = sorted({ ...dependencies, ...Object.fromEntries(more) });
  if (workspace) {
    result.workspace = true;
    result.devDependencies = sorted(manifest.devDependencies);
  }
  for (const field of FIELDS) {
    if (manifest[field] !== undefined) result[field] = manifest[field];
  }
  return result;
}

function sorted(dependencies) {
  return Object.fromEntries(Object.entries(dependencies ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readManifest(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw new Error(`${file}: ${error.message}`);
  }
}

/** Names of the packages in a `node_modules` folder, scoped ones as `@scope/name`. */
function packageNames(modules) {
  return list(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? list(path.join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    );
}

function list(directory) {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  }
}
