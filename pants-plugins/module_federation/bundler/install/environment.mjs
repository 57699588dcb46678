// What a package manager gets to see: nothing of the user, only what was passed on to this process.
// The folders `__home` and `__…_cache` lie in the sandbox; the latter are Pants' named caches, or, with
// remote execution, which has none, empty folders that a package manager makes for itself.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";

/**
 * @param {string} here the project's folder
 * @param {boolean} allowScripts whether packages may run their install scripts
 * @returns {Record<string, string>} the variables for every package manager, npm's settings included
 */
export function shutOff(here, allowScripts) {
  const home = path.join(here, "__home");
  mkdirSync(home, { recursive: true });
  // Install scripts, where they are allowed, may need a compiler and its like.
  const tools = allowScripts ? ["/usr/local/bin", "/usr/bin", "/bin"] : [];
  const env = {
    ...process.env,
    HOME: home,
    PATH: [path.dirname(process.execPath), ...tools].join(path.delimiter),
    NO_COLOR: "1",
  };
  for (const name of ["CACHE", "CONFIG", "DATA", "STATE"]) {
    env[`XDG_${name}_HOME`] = path.join(home, name.toLowerCase());
  }
  const npm = {
    cache: path.join(here, "__npm_cache"),
    userconfig: path.join(home, ".npmrc"),
    globalconfig: path.join(home, "global-npmrc"),
    ignore_scripts: String(!allowScripts),
    // The lockfile and its hashes decide; nothing here needs the network a second time.
    prefer_offline: "true",
    audit: "false",
    fund: "false",
    update_notifier: "false",
    progress: "false",
    loglevel: "error",
  };
  for (const [name, value] of Object.entries(npm)) env[`npm_config_${name}`] = value;
  return env;
}

/**
 * Runs a program to its end; what it says goes where this process speaks, with paths as seen from here:
 * nobody can find the folder that an action of a remote machine ran in.
 *
 * @param {string[]} argv program and arguments
 * @returns {number} its exit status
 */
export function run(argv, env) {
  const { status, error, stdout, stderr } = spawnSync(argv[0], argv.slice(1), {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    maxBuffer: Infinity,
  });
  if (error) throw error;
  const here = `${process.cwd()}${path.sep}`;
  process.stdout.write(stdout.replaceAll(here, ""));
  process.stderr.write(stderr.replaceAll(here, ""));
  return status ?? 1;
}

/** What a program prints. A failure ends this process. */
export function ask(argv, env) {
  const { status, error, stdout } = spawnSync(argv[0], argv.slice(1), {
    env,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  return stdout.trim();
}

/** The registry that npm would ask here: the project's `.npmrc`, else what npm was built with. */
export function npmRegistry(npmCli, env) {
  return ask([process.execPath, npmCli, "config", "get", "registry"], env);
}
