// Many small files as a few larger ones. A remote cache is asked for each file by itself, so thousands of files
// take seconds, however small they are.
//
// A pack is a line of JSON, and after it the contents of the files that it lists, one after the other:
//   [{"path": "node_modules/a/index.js", "size": 12, "executable": true}, {"path": "…", "target": "../b"}]
// A link has a target. There are no times and no owners, so that the same files are the same pack. (No archiver
// is on every machine and writes such archives on each of them.)
import { createHash } from "node:crypto";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";

/** In bytes. What is larger is worth a request of its own, and is not kept twice. */
const SMALL = 256 * 1024;
/** Less than one pack's files stay as they are. */
const FILES_OF_A_PACK = 500;
/** A package in a project's `node_modules`, with all that is in it. */
const OUTERMOST_PACKAGE = /^.*?node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * Moves small files and links into packs.
 *
 * The name of a package decides which pack it is in, with all packages inside it: another version of one package
 * changes one pack.
 *
 * @param {string} here the project's folder
 * @param {string[]} folders of which the files are, relative to it
 * @param {string} target folder of the packs, which is made if there are any
 */
export function pack(here, folders, target) {
  const files = folders.flatMap((folder) => smallFiles(here, folder));
  if (files.length < FILES_OF_A_PACK) return;
  // A power of two changes seldom: with it, what is in which pack.
  const count = 2 ** Math.ceil(Math.log2(files.length / FILES_OF_A_PACK));
  const packs = Array.from({ length: count }, () => []);
  for (const file of files) packs[placeOf(file.path, count)].push(file);
  mkdirSync(path.join(here, target));
  for (const [place, packed] of packs.entries()) {
    if (packed.length > 0) writePack(here, packed, path.join(here, target, `${place}.pack`));
  }
}

/**
 * Puts the files of a pack into a folder.
 *
 * @throws {Error} the file is no whole pack, or has a path that leads out of the folder
 */
export function unpack(file, folder) {
  const content = readFileSync(file);
  let at = content.indexOf("\n") + 1;
  const made = new Set();
  for (const { path: name, size = 0, executable, target } of JSON.parse(content.subarray(0, at))) {
    const place = path.join(folder, name);
    if (path.relative(folder, place).startsWith("..")) throw new Error(`${file} has the path ${name}`);
    const parent = path.dirname(place);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    if (target !== undefined) symlinkSync(target, place);
    else writeFileSync(place, content.subarray(at, at + size), { flag: "wx", mode: executable ? 0o755 : 0o644 });
    at += size;
  }
  if (at !== content.length) throw new Error(`${file} has ${content.length} bytes in the place of ${at}`);
}

function writePack(here, files, pack) {
  const descriptor = openSync(pack, "wx");
  writeSync(descriptor, `${JSON.stringify(files)}\n`);
  for (const { path: name, target } of files) {
    const file = path.join(here, name);
    if (target === undefined) writeAll(descriptor, readFileSync(file));
    rmSync(file);
  }
  closeSync(descriptor);
}

/** One call may write a part only. */
function writeAll(descriptor, content) {
  for (let at = 0; at < content.length; ) at += writeSync(descriptor, content, at);
}

/** In the order of their paths; links come last, so that nothing is ever written through one. */
function smallFiles(here, folder) {
  const found = entriesBelow(path.join(here, folder)).flatMap((entry) => {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const name = path.relative(here, file).split(path.sep).join("/");
    if (entry.isSymbolicLink()) return { path: name, target: readlinkSync(file) };
    if (!entry.isFile()) return [];
    const { size, mode } = lstatSync(file);
    return size > SMALL ? [] : { path: name, size, executable: (mode & 0o100) !== 0 };
  });
  const rank = ({ path: name, target }) => `${target === undefined ? 0 : 1}${name}`;
  return found.sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

function entriesBelow(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

function placeOf(name, count) {
  const [unit] = OUTERMOST_PACKAGE.exec(name) ?? [name];
  return createHash("sha256").update(unit).digest().readUInt32BE(0) % count;
}
