// Reads the archive of a package in memory, if nothing about it is out of the ordinary.

/** Folders and links: npm makes the first for files that lie in them, and leaves out the second (`pacote`, `extract`). */
const LEFT_OUT = /^(?:Directory|GNUDumpDir|SymbolicLink|Link)$/;
/** Read from the folder of a package while npm runs. */
const READ_BY_NPM = "npm-shrinkwrap.json";
/** In bytes. Everything in an archive is in memory at once. */
const LARGEST = 32 * 1024 * 1024;
/** In bytes: longer names can't be made, and npm leaves such files out. */
const LONGEST_NAME = 255;

/**
 * @typedef {object} PlainPackage
 * @property {string} id `name@version` as its manifest says
 * @property {{path: string, content: Buffer, executable: boolean}[]} files with paths relative to the package
 */

/**
 * What npm reads packages with.
 *
 * @typedef {object} Readers
 * @property {new () => import("node:stream").Writable} Parser of archives (`tar`)
 * @property {(manifest: object) => {bin?: Record<string, string>}} normalizeBin finds a package's programs
 *   (`npm-normalize-package-bin`)
 */

/**
 * Reads a package.
 *
 * @param {Readers} readers
 * @param {Buffer} archive
 * @returns {Promise<PlainPackage | undefined>} nothing if only npm itself knows what would come of it:
 *   the archive is damaged or very large, has paths that lead elsewhere, has a path twice (in the eyes of any file
 *   system), or holds other packages
 */
export async function readPlainPackage({ Parser, normalizeBin }, archive) {
  if (archive.length > LARGEST) return undefined;
  const entries = (await readArchive(Parser, archive)) ?? [];
  const files = entries
    .filter(({ type }) => !LEFT_OUT.test(type))
    // npm leaves out the first part of each path, whatever it is.
    .map((file) => ({ ...file, path: file.path.split("/").slice(1).join("/") }));
  const manifest = isOrdinary(files) && manifestOf(files);
  if (!manifest) return undefined;
  const { name, version, bin } = manifest;
  const programs = new Set(Object.values(normalizeBin({ name, bin }).bin ?? {}));
  return {
    id: `${name}@${version}`,
    files: files.map(({ path, content, executable }) => {
      return { path, content, executable: executable || programs.has(path) };
    }),
  };
}

/** Nothing if it is no manifest, or names its programs by a folder. */
function manifestOf(files) {
  const { content } = files.find(({ path }) => path === "package.json");
  try {
    const manifest = JSON.parse(content.toString("utf8"));
    const isNamed = typeof manifest.name === "string" && typeof manifest.version === "string";
    return isNamed && !manifest.directories?.bin ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function isOrdinary(files) {
  if (files.some(({ type, path }) => !/^(?:Old)?File$/.test(type) || !isPlainPath(path))) return false;
  if (files.some(({ path }) => path.split("/").includes("node_modules"))) return false;
  const names = new Set(files.map(({ path }) => asAnyFileSystemSees(path)));
  const folders = new Set([...names].flatMap(foldersAbove));
  const isUnambiguous = names.size === files.length && ![...names].some((name) => folders.has(name));
  return isUnambiguous && files.some(({ path }) => path === "package.json") && !names.has(READ_BY_NPM);
}

/** npm's reader takes out what a path of Windows begins with, `c:` or `\\`, wherever it runs. */
function isPlainPath(path) {
  const isPlain = (part) => !["", ".", ".."].includes(part) && Buffer.byteLength(part) <= LONGEST_NAME;
  return !/[\\:\0]/.test(path) && path.split("/").every(isPlain);
}

function asAnyFileSystemSees(path) {
  return path.normalize("NFKD").toLowerCase();
}

function foldersAbove(path) {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** Everything in an archive, or nothing if the reader has something to say of it. */
function readArchive(Parser, archive) {
  return new Promise((resolve) => {
    const entries = [];
    const parser = new Parser();
    parser.on("entry", (entry) => {
      const parts = [];
      entry.on("data", (part) => parts.push(part));
      entry.on("end", () => {
        const executable = (entry.mode & 0o100) !== 0;
        entries.push({ path: entry.path, type: entry.type, executable, content: Buffer.concat(parts) });
      });
    });
    for (const event of ["warn", "error", "abort"]) parser.on(event, () => resolve(undefined));
    parser.on("end", () => resolve(entries));
    parser.end(archive);
  });
}
