// Installed files that are never made: their contents stand one after the other in one file, with a list beside it.
// Making a file takes longer than unpacking it, and most would only be read and removed again for a pack.
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { writeAll } from "./packs.mjs";

const FOLDER = "__spool";

/**
 * A file of a spool.
 *
 * @typedef {object} SpooledFile
 * @property {string} path relative to the project
 * @property {number} size in bytes
 * @property {boolean} executable
 * @property {() => Buffer} read
 */

/** What is put aside while a package manager runs. */
export class SpoolWriter {
  #folder;
  #descriptor;
  #end = 0;
  #packages = [];

  /** @param {string} here the project's folder */
  constructor(here) {
    this.#folder = path.join(here, FOLDER);
    mkdirSync(this.#folder);
    this.#descriptor = openSync(path.join(this.#folder, "content"), "wx");
  }

  /**
   * @param {string} place the package's folder, relative to the project
   * @param {{path: string, content: Buffer, executable: boolean}[]} files with paths relative to the package
   */
  add(place, files) {
    const listed = files.map(({ path: name, content, executable }) => {
      const at = this.#end;
      // At its own place, wherever a write that failed has ended.
      writeAll(this.#descriptor, content, at);
      this.#end += content.length;
      return { path: path.posix.join(place, name), size: content.length, executable, at };
    });
    this.#packages.push({ place, files: listed });
  }

  close() {
    closeSync(this.#descriptor);
    const list = { size: this.#end, packages: this.#packages };
    writeFileSync(path.join(this.#folder, "packages.json"), JSON.stringify(list));
  }
}

/**
 * What was put aside and has not been removed since: the package manager, or somebody after it, may have taken away
 * the folder of a package that is not wanted after all.
 *
 * @param {string} here the project's folder
 * @returns {SpooledFile[]} in any order
 * @throws {Error} the spool is not whole
 */
export function spooledFiles(here) {
  const folder = path.join(here, FOLDER);
  if (!existsSync(folder)) return [];
  const descriptor = openSync(path.join(folder, "content"), "r");
  const { size, packages } = JSON.parse(readFileSync(path.join(folder, "packages.json"), "utf8"));
  if (fstatSync(descriptor).size !== size) throw new Error("the spool is not as long as its list says");
  return packages
    .filter(({ place }) => existsSync(path.join(here, place, "package.json")))
    .flatMap(({ files }) => files)
    .map(({ at, ...file }) => ({ ...file, read: () => readAll(descriptor, file.size, at) }));
}

function readAll(descriptor, size, position) {
  const content = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const count = readSync(descriptor, content, at, size - at, position + at);
    if (count === 0) throw new Error("the spool has become shorter");
    at += count;
  }
  return content;
}
