// Fetches one release of a package manager from the npm registry and checks its hash before any of
// its code is run. Called as `node fetch_manager.mjs <npm-cli.js> <order.json>` in a sandbox that
// holds the project's `.npmrc`, if it has one. Writes `__fetched`: the package in `node_modules`,
// and `entry.json`, which says how to start it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ask, shutOff } from "./install/environment.mjs";

const [npmCli, orderFile] = process.argv.slice(2);
const order = JSON.parse(readFileSync(orderFile, "utf8"));
const here = process.cwd();
const out = path.join(here, "__fetched");
const env = shutOff(here, false);

/** Downloads a package as the file that the registry serves. */
function download(name) {
  const folder = path.join(here, "__packed", name.replace("/", "-"));
  mkdirSync(folder, { recursive: true });
  const spec = `${name}@${order.version}`;
  ask([process.execPath, npmCli, "pack", "--pack-destination", folder, spec], env);
  const [file] = readdirSync(folder);
  return path.join(folder, file);
}

/** Unpacks a downloaded package into `__fetched/node_modules`; nothing else is asked for. */
function unpack(tarball) {
  const flags = ["--no-save", "--ignore-scripts", "--omit=optional", "--offline", "--prefix", out];
  ask([process.execPath, npmCli, "install", ...flags, tarball], env);
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function check(content, algorithm, encoding, expected, what) {
  const found = createHash(algorithm).update(content).digest(encoding);
  if (found !== expected) {
    fail(`hash-mismatch: ${what} has the ${algorithm} ${found}, but ${expected} is expected`);
  }
}

function checkIntegrity(tarball, integrity, what) {
  const [algorithm, ...rest] = integrity.split("-");
  check(readFileSync(tarball), algorithm, "base64", rest.join("-"), what);
}

/** Which build of a native program this machine needs, as pnpm names its packages. */
function platform() {
  const musl =
    process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
  return `${process.platform}-${process.arch}${musl ? "-musl" : ""}`;
}

mkdirSync(out);
const name = order.package;
const folder = path.join("node_modules", name);
const tarball = download(name);
const wholeFile = order.expected.filter((each) => !each.file);
for (const each of wholeFile) {
  if (each.integrity) checkIntegrity(tarball, each.integrity, name);
  else check(readFileSync(tarball), each.algorithm, "hex", each.hexadecimal, name);
}
unpack(tarball);
for (const { algorithm, hexadecimal, file } of order.expected.filter((each) => each.file)) {
  check(readFileSync(path.join(out, folder, file)), algorithm, "hex", hexadecimal, file);
}

let entry;
if (order.native) {
  const suffix = `.${platform()}`;
  const native = Object.keys(order.native).find((each) => each.endsWith(suffix));
  if (!native) fail(`no-native-program: ${suffix.slice(1)}`);
  const program = download(native);
  checkIntegrity(program, order.native[native], native);
  unpack(program);
  entry = { path: path.join("node_modules", native, order.program), native: true };
} else {
  const { bin } = JSON.parse(readFileSync(path.join(out, folder, "package.json"), "utf8"));
  const script = typeof bin === "string" ? bin : bin[order.program];
  entry = { path: path.join(folder, script), native: false };
}
writeFileSync(path.join(out, "entry.json"), `${JSON.stringify(entry)}\n`);
