// Installs one project from its lockfile and writes down what is installed. Small files are left in packs.
// Called as `node install.mjs <npm-cli.js> <request.json>` from the project's folder in a sandbox that
// holds its manifests, lockfile and settings, and nothing else.
//
// The request is written by `util_rules/installation.py`:
//   {"manager": {"kind": "pnpm", "version": "10.4.1" or null}, "release": path or null,
//    "mount": folder of the fetched program or null, "allowScripts": false, "namesRegistry": false,
//    "members": ["libs/ui"], "catalogs": {"default": {"react": "^19.0.0"}},
//    "unused": ["ws"]}
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ask, shutOff } from "./install/environment.mjs";
import { installWithNpm } from "./install/npm.mjs";
import { pack } from "./install/packs.mjs";
import { installWithPnpm } from "./install/pnpm.mjs";
import { spooledFiles } from "./install/spool.mjs";
import { leaveOut, tidy } from "./install/tidy.mjs";
import { installWithYarn } from "./install/yarn.mjs";
import { installWithYarnClassic } from "./install/yarn_classic.mjs";
import { installIndex } from "./lib/install_index.mjs";

/**
 * What a package manager returns.
 *
 * @typedef {object} Outcome
 * @property {number} status its exit status
 * @property {Record<string, Record<string, string>>} [additions] `name@version` → dependencies that the
 *   manifest of an installed package may lack
 */

const MANAGERS = {
  npm: installWithNpm,
  pnpm: installWithPnpm,
  yarn: installWithYarn,
  "yarn-classic": installWithYarnClassic,
};

const [npmCli, requestFile] = process.argv.slice(2);
const request = JSON.parse(readFileSync(requestFile, "utf8"));
const { kind, version } = request.manager;
const here = process.cwd();
const env = shutOff(here, request.allowScripts);

/** How to start the package manager: fetched, checked in, or the npm that comes with Node.js. */
function startOf() {
  if (request.release) return [process.execPath, path.join(here, request.release)];
  if (!request.mount) return [process.execPath, npmCli];
  const folder = path.join(here, request.mount);
  const entry = JSON.parse(readFileSync(path.join(folder, "entry.json"), "utf8"));
  const program = path.join(folder, entry.path);
  return entry.native ? [program] : [process.execPath, program];
}

function versionOf(program) {
  if (version) return version;
  return request.release
    ? ask([...program, "--version"], { ...env, YARN_IGNORE_PATH: "1" })
    : process.env.MF_NPM_VERSION;
}

const program = startOf();
const { status, additions } = MANAGERS[kind]({ here, program, env, npmCli, request });
if (status !== 0) process.exit(status);
tidy(here, request.members);
leaveOut(here, request.unused);

// A project without dependencies has no folder; the rule that asked expects one.
mkdirSync("node_modules", { recursive: true });
const manager = { name: kind === "yarn-classic" ? "yarn" : kind, version: versionOf(program) };
const { members, catalogs } = request;
const index = installIndex(here, manager, { members, catalogs, additions });
writeFileSync("install-index.json", `${JSON.stringify(index)}\n`);
const folders = ["", ...members].map((member) => path.join(member, "node_modules"));
const packs = pack(here, folders, "__packs", spooledFiles(here));
writeFileSync("packs.json", `${JSON.stringify(packs)}\n`);
