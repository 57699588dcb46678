// Minified chunks of earlier builds: what a chunk was before it was minified decides what it becomes.
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { KeptTexts } from "./kept_texts.mjs";
import { PreliminaryHashes } from "./preliminary_hashes.mjs";
import { takenApart } from "./script_parts.mjs";

/** In the sandbox: one of Pants' named caches, which a worker may not have. */
const FOLDER = "__minified";
/** Part of each key: another layout of entries, or another meaning of keys, gets another number. */
const FORMAT = 3;

const SCRIPT = /\.js$/;

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
 * Likewise it sees numbers in the place of ids (`own_ids.mjs`), and the federation's runtime apart from the
 * rest of an entry (`federation_runtime.mjs`), so that what several containers have is minified once for
 * all of them. Emitted are the ids that the bundler gave, and whole entries.
 */
export class MinifiedChunksPlugin {
  /**
   * @param {KeptTexts | null} kept
   * @param {string} root the sandbox's absolute path, another one for each build
   */
  constructor(kept, root) {
    this.kept = kept;
    this.root = root;
  }

  apply(compiler) {
    const { Compilation, sources } = compiler.webpack;
    compiler.hooks.thisCompilation.tap("MinifiedChunksPlugin", (compilation) => {
      const files = new Files(compilation, sources);
      const keyOf = keysOf(compiler);
      const toMinimize = [];
      const at = (stage, run) =>
        compilation.hooks.processAssets.tap({ name: "MinifiedChunksPlugin", stage }, run);
      at(Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE - 1, () => {
        for (const script of files.scripts(this.root)) {
          this.#find(script, keyOf);
          if (script.parts.every((part) => part.isMinified)) {
            files.update(script.name, script.restored(), { minimized: true });
          } else {
            toMinimize.push({ script, given: files.give(script) });
          }
        }
      });
      at(Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE + 1, () => {
        for (const { script, given } of toMinimize) {
          for (const { file, part } of given) {
            const isMinimized = files.take(file, part, script);
            if (part.key && isMinimized) this.kept.put(part.key, part.minified);
          }
          files.update(script.name, script.restored());
        }
        this.kept?.clear();
      });
    });
  }

  /** Takes what is kept of a script. */
  #find({ parts, info }, keyOf) {
    if (!this.kept) return;
    for (const part of parts) {
      part.key = part.isWorth ? keyOf(part.text, info) : null;
      part.minified = part.key ? this.kept.get(part.key) : undefined;
    }
  }
}

/** The scripts of a compilation, as files that the minimizer takes. */
class Files {
  constructor(compilation, sources) {
    this.compilation = compilation;
    this.sources = sources;
  }

  /** Those that are not minified yet, taken apart. */
  scripts(root) {
    const assets = this.compilation.getAssets();
    const hashes = new PreliminaryHashes(assets.flatMap(({ info }) => info.contenthash ?? []));
    return assets
      .filter(({ name, info }) => SCRIPT.test(name) && !info.minimized)
      .map(({ name, source, info }) => {
        const text = source.source().toString();
        return { name, info, text, ...takenApart(hashes.numbered(text), root) };
      });
  }

  // Of a buffer, hashes would stay the preliminary ones (RealContentHashPlugin).
  update(name, text, info) {
    this.compilation.updateAsset(name, new this.sources.RawSource(text), info);
  }

  /** Puts parts where the minimizer finds them: the first, kept or not, in the script's own file. */
  give({ name, info: { javascriptModule }, text, parts: [first, ...others] }) {
    if (first.text !== text) this.update(name, first.text);
    const given = [{ file: name, part: first }];
    for (const [place, part] of others.entries()) {
      if (part.isMinified) continue;
      const file = `${name}.part-${place + 1}.js`;
      this.compilation.emitAsset(file, new this.sources.RawSource(part.text), { javascriptModule });
      given.push({ file, part });
    }
    return given;
  }

  /** Takes a part back, and says whether it was minimized. */
  take(file, part, { name }) {
    const { source, info } = this.compilation.getAsset(file);
    part.minified = source.source().toString();
    if (file !== name) this.compilation.deleteAsset(file);
    return Boolean(info.minimized);
  }
}

/** The plugin, for a container that is minified without source maps. */
export function minifiedChunks({ mode, sourceMaps }, root) {
  if (mode !== "production" || sourceMaps !== "off") return [];
  const folder = path.join(root, FOLDER);
  const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  return [new MinifiedChunksPlugin(isThere ? new KeptTexts(folder) : null, root)];
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
