// What is taken out of `node_modules` again. Package managers leave times, absolute paths and addresses of
// registries there: without them the same lockfile gives the same bytes on every machine. And much of what
// packages hold is for editors, debuggers and readers: no bundler loads it, and no cache has to keep, send
// or lay it out.
import { readdirSync, readlinkSync, rmSync } from "node:fs";
import path from "node:path";

const STATE = new Set([
  ".cache",
  ".modules.yaml",
  ".package-lock.json",
  ".package-map.json",
  ".pnpm",
  ".pnpm-workspace-state.json",
  ".pnpm-workspace-state-v1.json",
  ".yarn-integrity",
  ".yarn-state.yml",
]);

/** Types, source maps, what is there to be read, what packers leave out. No code asks for these. */
const NEVER_LOADED =
  /\.d\.[cm]?ts$|\.flow$|\.tsbuildinfo$|\.(?:[cm]?[jt]s|css)\.map$|^(?:readme|changelog|history)\.md$|^\.(?:git|npm)ignore$/i;

/**
 * Whether no bundler will load a file of a package, and Node.js neither.
 *
 * @param {string} name without its folder
 */
export const isNeverLoaded = (name) => NEVER_LOADED.test(name);

/**
 * Removes the state files of package managers, links that lead out of the project, and files that nothing
 * loads.
 *
 * @param {string} here the project's folder
 * @param {string[]} members folders of workspace packages, relative to it
 */
export function tidy(here, members) {
  for (const member of ["", ...members]) {
    const modules = path.join(here, member, "node_modules");
    for (const name of entries(modules).map((entry) => entry.name)) {
      if (STATE.has(name)) rmSync(path.join(modules, name), { recursive: true });
    }
    removeStrayLinks(here, modules);
    removeNeverLoaded(modules);
  }
}

/**
 * Removes packages that nobody will load.
 *
 * @param {string} here the project's folder
 * @param {string[]} packages names, in its own `node_modules`
 */
export function leaveOut(here, packages) {
  for (const name of packages) rmSync(path.join(here, "node_modules", name), { recursive: true, force: true });
}

function removeNeverLoaded(directory) {
  for (const entry of entries(directory)) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) removeNeverLoaded(file);
    // A link to a workspace package can have any name.
    else if (entry.isFile() && isNeverLoaded(entry.name)) rmSync(file);
  }
}

function removeStrayLinks(here, directory) {
  for (const entry of entries(directory)) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) removeStrayLinks(here, file);
    if (!entry.isSymbolicLink()) continue;
    const target = readlinkSync(file);
    const away = path.relative(here, path.resolve(directory, target)).startsWith("..");
    if (path.isAbsolute(target) || away) rmSync(file);
  }
}

function entries(directory) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  }
}
