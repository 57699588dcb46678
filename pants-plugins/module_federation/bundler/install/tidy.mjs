// What package managers leave in `node_modules` for themselves: times, absolute paths, addresses of
// registries. Without it the same lockfile gives the same bytes on every machine.
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

/**
 * Removes the state files of package managers, and links that lead out of the project.
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
  }
}

/**
 * Removes packages and files that nobody will load, so that no cache keeps or sends them.
 *
 * @param {string} here the project's folder
 * @param {{packages?: string[], endings?: string[]}} unused names of packages in its own
 *   `node_modules`, and endings of files anywhere in it
 */
export function leaveOut(here, { packages = [], endings = [] }) {
  const modules = path.join(here, "node_modules");
  for (const name of packages) rmSync(path.join(modules, name), { recursive: true, force: true });
  if (endings.length > 0) removeFiles(modules, (name) => endings.some((ending) => name.endsWith(ending)));
}

function removeFiles(directory, isUnused) {
  for (const entry of entries(directory)) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) removeFiles(file, isUnused);
    else if (isUnused(entry.name)) rmSync(file);
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
