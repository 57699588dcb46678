// Says which Node.js runs this, and which npm belongs to it, as one line of JSON.
// Called as `node probe.mjs <path of node as it was found> [<folder for links>]`. A link's name says what
// it leads to, and not where that is, so that a command made of it is the same on every machine.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, realpathSync, renameSync, symlinkSync } from "node:fs";
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

const [, links] = process.argv.slice(2);
const nodeLink = `node-${process.versions.node}-${process.arch}`;
const npmLink = `npm-${npmVersion}`;
if (links && npmCli) {
  // The program itself: a version manager's script in its place asks under which name it was called.
  link(node, nodeLink);
  link(path.join(npmCli, "../.."), npmLink);
}

/** Puts a link at its place in one step: others may be using what is there. */
function link(target, name) {
  const aside = path.join(links, `${name}.${randomUUID()}`);
  symlinkSync(target, aside);
  renameSync(aside, path.join(links, name));
}

process.stdout.write(
  JSON.stringify({
    version: process.versions.node,
    npmCli: npmCli ?? null,
    npmVersion: npmVersion ?? null,
    nodeLink,
    npmLink,
  }),
);
