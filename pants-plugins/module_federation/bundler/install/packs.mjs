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

/** @param {number} size in bytes */
export const isSmall = (size) => size <= SMALL;

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
 * @param {import("./spool.mjs").SpooledFile[]} [spooled] small files that have not been made; they are, at their
 *   places, if there are no packs
 * @returns {string[]} the packs' names
 */
export function pack(here, folders, target, spooled = []) {
  const files = inOrder([...folders.flatMap((folder) => smallFiles(here, folder)), ...spooled]);
  if (files.length < FILES_OF_A_PACK) {
    for (const file of spooled) makeFile(path.join(here, file.path), file.read(), file);
    return [];
  }
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
    return place;
  };
  for (const { path: name, size, executable } of listed.filter((entry) => entry.target === undefined)) {
    makeFile(placeFor(name), content.subarray(at, at + size), { executable });
    at += size;
  }
  if (at !== content.length) throw new Error(`${file} has ${content.length} bytes in the place of ${at}`);
  // Last of all, so that nothing is written through one.
  for (const { path: name, target } of listed.filter((entry) => entry.target !== undefined)) {
    const link = placeFor(name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(target, link);
  }
}

/**
 * Makes a file, and the folders above it.
 *
 * @throws {Error} it is there already
 */
export function makeFile(file, content, { executable }) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content, { flag: "wx", mode: executable ? 0o755 : 0o644 });
}

/**
 * Writes all of a content: one call may write a part only.
 *
 * @param {number} descriptor
 * @param {Buffer} content
 * @param {number} [position] where in the file; after what was written last if none is given
 */
export function writeAll(descriptor, content, position) {
  for (let at = 0; at < content.length; ) {
    const place = position === undefined ? undefined : position + at;
    at += writeSync(descriptor, content, at, content.length - at, place);
  }
}

function writePack(here, files, pack) {
  const descriptor = openSync(pack, "wx");
  const listed = files.map(({ read, ...file }) => file);
  writeAll(descriptor, Buffer.from(`${JSON.stringify(listed)}\n`));
  for (const { path: name, target, read } of files) {
    const file = path.join(here, name);
    if (target === undefined) writeAll(descriptor, read ? read() : readFileSync(file));
    if (!read) unlinkSync(file);
  }
  closeSync(descriptor);
}

/** Node.js' own recursive listing follows links to folders (22.23.3, 24.15.0). */
function smallFiles(here, folder) {
  return entriesOf(path.join(here, folder)).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    const file = path.join(here, name);
    if (entry.isDirectory()) return smallFiles(here, name);
    if (entry.isSymbolicLink()) return { path: name, target: readlinkSync(file) };
    if (!entry.isFile()) return [];
    const { size, mode } = lstatSync(file);
    return isSmall(size) ? { path: name, size, executable: (mode & 0o100) !== 0 } : [];
  });
}

/** Folder by folder, in the order of names by code units, which no locale changes. */
function inOrder(files) {
  return files
    .map((file) => ({ place: file.path.replaceAll("/", "\0"), file }))
    .sort((one, other) => (one.place < other.place ? -1 : 1))
    .map(({ file }) => file);
}

function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

function placeOf(name, count) {
  const [unit] = OUTERMOST_PACKAGE.exec(name) ?? [name];
  return createHash("sha256").update(unit).digest().readUInt32BE(0) % count;
}
