// Says which Node.js runs this, and which npm belongs to it, as one line of JSON.
// Called as `node probe.mjs <path of node as it was found>`.
import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

const beside = path.join(path.dirname(process.argv[2]), "npm");
const node = realpathSync(process.execPath);

/** npm's own entry, which `bin/npm` links to; version managers put scripts in its place. */
const npmCli = [
  existsSync(beside) ? realpathSync(beside) : "",
  path.join(node, "../../lib/node_modules/npm/bin/npm-cli.js"),
  path.join(node, "../node_modules/npm/bin/npm-cli.js"),
].find((file) => path.basename(file) === "npm-cli.js" && existsSync(file));

const npmVersion =
  npmCli && JSON.parse(readFileSync(path.join(npmCli, "../../package.json"), "utf8")).version;
process.stdout.write(
  JSON.stringify({
    version: process.versions.node,
    npmCli: npmCli ?? null,
    npmVersion: npmVersion ?? null,
  }),
);
