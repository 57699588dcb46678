// pnpm, with its own isolated layout, which is then laid out in real folders: its hoisted linker puts
// only one of several peer variants of a package down, and so gives importers the wrong one
// (pnpm 10.34.9, `nodeLinker: hoisted`).
import path from "node:path";
import { npmRegistry, run } from "./environment.mjs";
import { placePackages } from "./pnpm_layout.mjs";

/** @returns {import("../install.mjs").Outcome} */
export function installWithPnpm({ here, program, env, npmCli, request }) {
  const cache = path.join(here, "__pnpm_cache");
  const settings = {
    "node-linker": "isolated",
    "modules-dir": "node_modules",
    "virtual-store-dir": "node_modules/.pnpm",
    "enable-global-virtual-store": "false",
    "enable-modules-dir": "true",
    symlink: "true",
    // Everything is placed by its declared dependencies; what else is there comes from that.
    hoist: "false",
    "shamefully-hoist": "false",
    "public-hoist-pattern": "",
    "dedupe-direct-deps": "false",
    // Files of the named cache must not be the files of the sandbox. Not `clone-or-copy`, for which
    // pnpm 11.28.11 makes hard links.
    "package-import-method": "copy",
    "side-effects-cache": "false",
    "store-dir": path.join(cache, "store"),
    "cache-dir": path.join(cache, "metadata"),
    "state-dir": path.join(here, "__home/state"),
    // The pnpm that runs is the one that was checked, and starts no other.
    "manage-package-manager-versions": "false",
    "pm-on-fail": "ignore",
    "package-manager-strict": "false",
    "update-notifier": "false",
    "confirm-modules-purge": "false",
  };
  if (!request.namesRegistry) settings.registry = npmRegistry(npmCli, env);
  const flags = Object.entries(settings).map(([name, value]) => `--config.${name}=${value}`);
  if (!request.allowScripts) flags.push("--ignore-scripts");
  const argv = [...program, "install", "--frozen-lockfile", "--prefer-offline", ...flags];
  const status = run([...argv, "--reporter=append-only"], env);
  return status === 0 ? { status, additions: placePackages(here, request.members) } : { status };
}
