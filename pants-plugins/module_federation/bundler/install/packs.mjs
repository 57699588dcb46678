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
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";

/** In bytes. What is larger is worth a request of its own; it would be kept twice, as small files are. */
const SMALL = 256 * 1024;
/** With fewer files than this, all of them stay as they are. */
const FILES_OF_A_PACK = 500;
/** Each pack costs a process. */
const MOST_PACKS = 8;
/** A package in a project's `node_modules`, with all that is in it. */
const OUTERMOST_PACKAGE = /^.*?node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * Moves small files and links into packs.
 *
 * The name of a package decides which pack it is in, with all packages inside it: another version of one package
 * usually changes one pack.
 *
 * @param {string} here the project's folder
 * @param {string[]} folders of which the files are, relative to it
 * @param {string} target folder of the packs, which is made if there are any
 * @returns {string[]} the packs' names
 */
export function pack(here, folders, target) {
  const files = folders.flatMap((folder) => smallFiles(here, folder));
  if (files.length < FILES_OF_A_PACK) return [];
  // A power of two changes seldom: with it, what is in which pack.
  const count = Math.min(2 ** Math.ceil(Math.log2(files.length / FILES_OF_A_PACK)), MOST_PACKS);
  const packs = new Map();
  for (const file of files) {
    const name = `${placeOf(file.path, count)}.pack`;
    if (!packs.has(name)) packs.set(name, []);
    packs.get(name).push(file);
  }
  mkdirSync(path.join(here, target), { recursive: true });
  for (const [name, packed] of packs) writePack(here, packed, path.join(here, target, name));
  return [...packs.keys()].sort();
}

/**
 * Puts the files of a pack into a folder.
 *
 * @throws {Error} the file is no whole pack, or has a path that leads out of the folder
 */
export function unpack(file, folder) {
  const content = readFileSync(file);
  let at = content.indexOf("\n") + 1;
  const listed = JSON.parse(content.subarray(0, at));
  const placeFor = (name) => {
    const place = path.join(folder, name);
    if (path.relative(folder, place).startsWith("..")) throw new Error(`${file} has the path ${name}`);
    mkdirSync(path.dirname(place), { recursive: true });
    return place;
  };
  for (const { path: name, size, executable } of listed.filter((entry) => entry.target === undefined)) {
    const mode = executable ? 0o755 : 0o644;
    writeFileSync(placeFor(name), content.subarray(at, at + size), { flag: "wx", mode });
    at += size;
  }
  if (at !== content.length) throw new Error(`${file} has ${content.length} bytes in the place of ${at}`);
  // Last of all, so that nothing is written through one.
  for (const { path: name, target } of listed.filter((entry) => entry.target !== undefined)) {
    symlinkSync(target, placeFor(name));
  }
}

function writePack(here, files, pack) {
  const descriptor = openSync(pack, "wx");
  writeAll(descriptor, Buffer.from(`${JSON.stringify(files)}\n`));
  for (const { path: name, target } of files) {
    const file = path.join(here, name);
    if (target === undefined) writeAll(descriptor, readFileSync(file));
    unlinkSync(file);
  }
  closeSync(descriptor);
}

/** One call may write a part only. */
function writeAll(descriptor, content) {
  for (let at = 0; at < content.length; ) at += writeSync(descriptor, content, at);
}

/** In the order of their paths. Node.js' own recursive listing follows links to folders (22.23.3, 24.15.0). */
function smallFiles(here, folder) {
  return entriesOf(path.join(here, folder)).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    const file = path.join(here, name);
    if (entry.isDirectory()) return smallFiles(here, name);
    if (entry.isSymbolicLink()) return { path: name, target: readlinkSync(file) };
    if (!entry.isFile()) return [];
    const { size, mode } = lstatSync(file);
    return size > SMALL ? [] : { path: name, size, executable: (mode & 0o100) !== 0 };
  });
}

/** In the order of their names by code units, which no locale changes. */
function entriesOf(folder) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

function placeOf(name, count) {
  const [unit] = OUTERMOST_PACKAGE.exec(name) ?? [name];
  return createHash("sha256").update(unit).digest().readUInt32BE(0) % count;
}
