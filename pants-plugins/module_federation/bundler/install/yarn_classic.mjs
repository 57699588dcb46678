// Yarn 1. Its `--frozen-lockfile` does not look at the manifests of workspace packages, so a lockfile
// that is out of step with one of them passes. Here Yarn may write the lockfile of the sandbox, and
// what it wrote is compared: a range that it had to add is one that the lockfile did not have.
import { readFileSync } from "node:fs";
import path from "node:path";
import { npmRegistry, run } from "./environment.mjs";

/** @returns {import("../install.mjs").Outcome} */
export function installWithYarnClassic({ here, program, env, npmCli, request }) {
  const cache = path.join(here, "__yarn_classic_cache");
  const flags = [
    "--non-interactive",
    "--no-progress",
    ...["--cache-folder", cache],
    ...["--global-folder", path.join(here, "__home/global")],
    // Its cache does not stand two Yarns at a time.
    ...["--mutex", `file:${path.join(cache, ".mutex")}`],
  ];
  if (!request.allowScripts) flags.push("--ignore-scripts");
  if (!request.namesRegistry) flags.push("--registry", npmRegistry(npmCli, env));
  const lockfile = path.join(here, "yarn.lock");
  const before = lockedVersions(readFileSync(lockfile, "utf8"));
  const status = run([...program, "install", ...flags], { ...env, YARN_IGNORE_PATH: "1" });
  if (status !== 0) return { status };
  const changes = [];
  for (const [range, version] of lockedVersions(readFileSync(lockfile, "utf8"))) {
    const known = before.get(range);
    if (known === undefined) changes.push(`missing from the lockfile: ${range}`);
    else if (known !== version) changes.push(`${range} is locked to ${known}, not to ${version}`);
  }
  if (changes.length === 0) return { status };
  process.stderr.write(`lockfile-out-of-step:\n${changes.sort().join("\n")}\n`);
  return { status: 1 };
}

/**
 * @param {string} text a `yarn.lock` of Yarn 1: entries of `range, range:` and indented lines
 * @returns {Map<string, string>} `name@range` → version
 */
export function lockedVersions(text) {
  const versions = new Map();
  let ranges = [];
  for (const line of text.split(/\r?\n/)) {
    if (/^[^\s#].*:$/.test(line)) {
      ranges = line
        .slice(0, -1)
        .split(", ")
        .map((range) => range.replace(/^"|"$/g, ""));
    }
    const version = /^ {2}version "(.*)"$/.exec(line);
    if (version) for (const range of ranges) versions.set(range, version[1]);
  }
  return versions;
}
