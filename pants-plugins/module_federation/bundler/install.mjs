// Installs one project from its lockfile and writes down what is installed.
// Called as `node install.mjs <npm-cli.js> [--allow-scripts]` from the project's folder in a sandbox
// that holds its manifests and lockfile, and nothing else.
//
// Everything that npm could pick up from the user (`~/.npmrc`, caches, settings) is shut out. The
// folder `__npm_cache` is Pants' named cache for downloads.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installIndex } from "./lib/install_index.mjs";

const [npmCli, ...flags] = process.argv.slice(2);
const here = process.cwd();
const home = path.join(here, "__home");
mkdirSync(home, { recursive: true });

const settings = {
  cache: path.join(here, "__npm_cache"),
  userconfig: path.join(home, ".npmrc"),
  globalconfig: path.join(home, "global-npmrc"),
  ignore_scripts: String(!flags.includes("--allow-scripts")),
  // The lockfile and its hashes decide; nothing here needs the network a second time.
  prefer_offline: "true",
  audit: "false",
  fund: "false",
  update_notifier: "false",
  progress: "false",
  loglevel: "error",
};
// Install scripts, where they are allowed, may need a compiler and its like.
const tools = flags.includes("--allow-scripts") ? ["/usr/local/bin", "/usr/bin", "/bin"] : [];
const PATH = [path.dirname(process.execPath), ...tools].join(path.delimiter);
const env = { ...process.env, HOME: home, PATH };
for (const [name, value] of Object.entries(settings)) env[`npm_config_${name}`] = value;

const { status, error } = spawnSync(process.execPath, [npmCli, "ci"], {
  env,
  stdio: ["ignore", "inherit", "inherit"],
});
if (error) throw error;
if (status !== 0) process.exit(status ?? 1);

// A project without dependencies has no folder; the rule that asked expects one.
mkdirSync("node_modules", { recursive: true });
const index = installIndex(here, { name: "npm", version: process.env.MF_NPM_VERSION });
writeFileSync("install-index.json", `${JSON.stringify(index)}\n`);
