/**
 * Tells what a few source files export: not only the names, but what stands behind them.
 *
 *     node exports.mjs <list.json> <out.json>
 *
 * `list.json` is an array of paths relative to the working directory. `out.json` is one JSON object, the
 * same for the same inputs wherever it runs:
 *
 *     {"files": {"src/plugin.tsx": {"error": null | "…", "exports": {"default": {…}}, "stars": ["./x"]}},
 *      "version": 1}
 *
 * `stars` are the requests of `export * from`. What stands behind a name is one of
 *
 *     {"is": "import", "from": "./plugin", "name": "default"}  another module's; "*" is all of it
 *     {"is": "call", "callee": {…}}                            what a call returns
 *     {"is": "member", "object": {…}, "name": "make"}          a property, by a plain name
 *     {"is": "function", "returns": {…} | null}                null: there is more than one answer
 *     {"is": "object", "type": "@backstage/…" | null, "open": false}
 *                                             a literal; `type` is its `$$type`, `open` has spreads
 *     {"is": "value", "what": "a class"}                       nothing of the above, and never an object
 *     {"is": "unknown", "what": "a conditional expression"}
 *
 * Only syntax is read: no types, and no other file. A file that cannot be parsed has an `error`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readExports } from "./exports/definitions.mjs";

const VERSION = 1;

function answer(path) {
  try {
    return readExports(path, readFileSync(path, "utf8"));
  } catch (error) {
    return { error: error.message, exports: {}, stars: [] };
  }
}

const [listPath, outPath] = process.argv.slice(2);
const paths = JSON.parse(readFileSync(listPath, "utf8")).sort();
const files = Object.fromEntries(paths.map((path) => [path, answer(path)]));
writeFileSync(outPath, `${JSON.stringify({ files, version: VERSION })}\n`);
