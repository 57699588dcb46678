// Minified chunks of earlier builds: what a chunk was before it was minified decides what it becomes.
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  futimesSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { withoutOwnIds } from "./own_ids.mjs";
import { PreliminaryHashes } from "./preliminary_hashes.mjs";

/** In the sandbox: one of Pants' named caches, which a worker may not have. */
const FOLDER = "__minified";
/** Part of each key: another layout of entries, or another meaning of keys, gets another number. */
const FORMAT = 2;
/**
 * In characters before minification. At this size Rspack's minimizer takes 0.56 ms of processor time, a hit
 * 0.15 ms and keeping 0.3 ms (measured with Rspack 2.2.9 on a machine with two cores).
 */
const WORTH_KEEPING = 2_000;

const DAY = 24 * 60 * 60 * 1000;
const KEPT_UNUSED = 14 * DAY;
/** In bytes, all entries together. */
const KEPT_SIZE = 256 * 1024 * 1024;
const ENTRY = /^[0-9a-f]{64}$/;
const TEMPORARY = /^[0-9a-f]{64}\.[0-9a-f]{16}$/;
const LAST_CLEARED = "last-cleared";

const SCRIPT = /\.js$/;
/** What Rspack writes before modules that it has joined, of others that they need; with absolute paths. */
const PATHS_IN_COMMENT = /^\/\/ EXTERNAL MODULE: .*/gm;

/**
 * Takes chunks that an earlier build has minified out of a folder, and puts the others there.
 *
 * Rspack's `SwcJsMinimizerRspackPlugin` (2.2.9) makes its result of a chunk's text, of its own options,
 * of the language version that is the target, and of whether the chunk is a module. By default it emits
 * no files of comments. It passes by what is `minimized` already, and does not say so of a chunk that
 * it could not read.
 *
 * An entry names other files by hashes, which are preliminary here and depend on the sandbox's path. SWC
 * gives the shortest names by how often letters stand in the text, hashes included. So the minimizer gets
 * to see numbers in their place (`preliminary_hashes.mjs`), whether there is a folder or not: what is
 * emitted is then the same with the folder as without it, and does not depend on the path.
 *
 * Likewise it sees numbers in the place of ids (`own_ids.mjs`), so that a chunk that several containers
 * have is minified once for all of them. Emitted are the ids that the bundler gave.
 */
export class MinifiedChunksPlugin {
  /**
   * @param {MinifiedChunks | null} kept
   * @param {string} root the sandbox's absolute path, another one for each build
   */
  constructor(kept, root) {
    this.kept = kept;
    this.root = root;
  }

  apply(compiler) {
    const { Compilation, sources } = compiler.webpack;
    compiler.hooks.thisCompilation.tap("MinifiedChunksPlugin", (compilation) => {
      const keyOf = keysOf(compiler);
      const minimized = [];
      const at = (stage, run) =>
        compilation.hooks.processAssets.tap({ name: "MinifiedChunksPlugin", stage }, run);
      // Of a buffer, hashes would stay the preliminary ones (RealContentHashPlugin).
      const update = (name, text, info) =>
        compilation.updateAsset(name, new sources.RawSource(text), info);
      at(Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE - 1, () => {
        const assets = compilation.getAssets();
        const hashes = new PreliminaryHashes(assets.flatMap(({ info }) => info.contenthash ?? []));
        for (const { name, source, info } of assets) {
          if (!SCRIPT.test(name) || info.minimized) continue;
          const numbered = hashes.numbered(source.source().toString());
          const worth = isWorthKeeping(withoutRoot(numbered.text, this.root));
          const chunk = worth ? anyContainers(numbered) : numbered;
          const key = this.kept && worth ? keyOf(withoutRoot(chunk.text, this.root), info) : null;
          const minified = key && this.kept.get(key);
          if (typeof minified === "string") {
            update(name, chunk.restored(minified), { minimized: true });
            continue;
          }
          if (chunk.changed) update(name, chunk.text);
          minimized.push({ name, key, chunk });
        }
      });
      at(Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE + 1, () => {
        for (const { name, key, chunk } of minimized) {
          if (!key && !chunk.changed) continue;
          const { source, info } = compilation.getAsset(name);
          const text = source.source().toString();
          if (key && info.minimized) this.kept.put(key, text);
          if (chunk.changed) update(name, chunk.restored(text));
        }
        this.kept?.clear();
      });
    });
  }
}

/**
 * Files by key. All that goes wrong with the folder is no more than a miss: it may be damaged, full,
 * read-only, or used by several processes at once.
 */
export class MinifiedChunks {
  constructor(folder) {
    this.folder = folder;
    this.writable = true;
  }

  /** @returns {string | undefined} what was put there under this key */
  get(key) {
    try {
      const entry = readAndRenew(path.join(this.folder, key));
      const text = entry.subarray(entry.indexOf("\n") + 1);
      return entry.equals(entryOf(key, text)) ? text.toString() : undefined;
    } catch {
      return undefined;
    }
  }

  put(key, text) {
    if (!this.writable) return;
    const file = path.join(this.folder, key);
    const temporary = `${file}.${randomBytes(8).toString("hex")}`;
    try {
      writeFileSync(temporary, entryOf(key, Buffer.from(text)), { flag: "wx" });
      renameSync(temporary, file);
    } catch {
      this.writable = false;
      quietly(() => rmSync(temporary, { force: true }));
    }
  }

  /** Once a day, takes away what was not used for long, and the oldest of what is too much. */
  clear() {
    const now = Date.now();
    const stamp = path.join(this.folder, LAST_CLEARED);
    quietly(() => {
      // A time to come is of a clock that was wrong.
      if (Math.abs(now - (statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0)) < DAY) return;
      // First of all, so that processes which end at the same time do not do it too.
      writeFileSync(stamp, "");
      utimesSync(stamp, now / 1000, now / 1000);
      const files = readdirSync(this.folder).map((name) => this.#described(name));
      files.sort((one, other) => other.used - one.used);
      let size = 0;
      for (const file of files) {
        size += file.size;
        const unused = Math.abs(now - file.used);
        const kept = ENTRY.test(file.name)
          ? unused < KEPT_UNUSED && size <= KEPT_SIZE
          : !TEMPORARY.test(file.name) || unused < DAY;
        if (!kept) quietly(() => rmSync(path.join(this.folder, file.name), { force: true }));
      }
    });
  }

  #described(name) {
    const found = statSync(path.join(this.folder, name), { throwIfNoEntry: false });
    return { name, used: found?.mtimeMs ?? 0, size: found?.size ?? 0 };
  }
}

/** The plugin, for a container that is minified without source maps. */
export function minifiedChunks({ mode, sourceMaps }, root) {
  if (mode !== "production" || sourceMaps !== "off") return [];
  const folder = path.join(root, FOLDER);
  const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  return [new MinifiedChunksPlugin(isThere ? new MinifiedChunks(folder) : null, root)];
}

/** Told by a text without paths, so that what is emitted does not depend on their length. */
function isWorthKeeping(text) {
  return text !== null && text.length >= WORTH_KEEPING;
}

/** A chunk as it would be in any container. */
function anyContainers(numbered) {
  const own = withoutOwnIds(numbered.text);
  return {
    text: own.text,
    changed: numbered.changed || own.changed,
    restored: (text) => numbered.restored(own.restored(text)),
  };
}

/** A chunk without the sandbox's path in comments; `null` if it stands anywhere else. */
function withoutRoot(text, root) {
  if (!text.includes(root)) return text;
  const result = text.replace(PATHS_IN_COMMENT, (comment) => comment.replaceAll(`${root}/`, ""));
  return result.includes(root) ? null : result;
}

/**
 * What makes the key of a chunk's text; `null` for all, where an option of a minimizer is no plain value.
 *
 * @returns {(text: string, info: object) => string | null}
 */
function keysOf({ options: { optimization, target }, webpack: { rspackVersion } }) {
  const minimizers = optimization.minimizer.map(({ name, _args }) => [name, _args]);
  const text = JSON.stringify(minimizers);
  if (!isDeepStrictEqual(JSON.parse(text), minimizers)) return () => null;
  return (chunk, { javascriptModule = null }) =>
    createHash("sha256")
      .update(`${JSON.stringify([FORMAT, rspackVersion, target, text, javascriptModule])}\n`)
      .update(chunk)
      .digest("hex");
}

/** The key is part of the sum: an entry under another's name is a damaged one. */
function entryOf(key, text) {
  const sum = createHash("sha256").update(`${key}\n`).update(text).digest("hex");
  return Buffer.concat([Buffer.from(`${sum}\n`), text]);
}

function readAndRenew(file) {
  const descriptor = openSync(file, "r");
  try {
    const now = Date.now();
    // At most once a day: a read is far more often.
    if (Math.abs(now - fstatSync(descriptor).mtimeMs) > DAY) {
      quietly(() => futimesSync(descriptor, now / 1000, now / 1000));
    }
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function quietly(run) {
  try {
    run();
  } catch {
    // Without the folder, everything is minified again.
  }
}
