/**
 * Reads the imports of a batch of source files.
 *
 *     node parse.mjs <list.json> <out.json> [--each-apart]
 *
 * `list.json` is an array of paths relative to the working directory. `out.json` is one JSON object
 * with sorted keys, the same for the same inputs wherever and whenever it runs:
 *
 *     {"files": {"src/App.tsx": {
 *        "error": null | {"column", "line", "message"},
 *        "imports": [{"column", "kind", "line", "optional"?, "specifier", "suffix"?}],
 *        "jsx": true, "jsxCreateElement"?: true, "jsxImportSource"?: "preact",
 *        "jsxRuntime"?: "classic"}}, "version": 1}
 *
 * Lines and columns count from 1, columns in UTF-16 code units; they point at the specifier.
 *
 * Kinds: `static`, `reexport`, `type` (nothing at run time), `dynamic`, `require` (also TypeScript's
 * `import x = require("y")`), `require-resolve`, `url` (`new URL("x", import.meta.url)`), `worker`,
 * `css-import` (also `composes` and `@value` of CSS modules), `css-url`, and `context`: a request with a
 * hole in it, whose `specifier` is the text before the first hole and `suffix` the text after the last.
 * `optional` marks a request inside `try`, which the bundler reports as a warning when it is not found.
 * `jsxCreateElement` marks JSX that is compiled to `createElement`, with `key` behind a spread.
 *
 * An import that TypeScript would drop because only types are used of it counts as `static`: without
 * looking into other files nobody can tell, and one edge too many does no harm.
 *
 * A file that cannot be read or parsed gets an `error` and whatever imports could still be seen; it
 * never stops the batch: one that could overflow the parser's stack is parsed in a process of its own.
 * What looks harmless and is not can still end the process by a signal; `--each-apart` then trusts no
 * file. Other files than JavaScript, TypeScript and CSS have no imports.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadParsers, parseFile, SUSPECT } from "./parse/files.mjs";

const SCRIPT = fileURLToPath(import.meta.url);
const VERSION = 1;

/** What the batch is answered with: pairs of path and answer, in any order. */
async function parseBatch(paths, { eachApart }) {
  const parsers = eachApart ? null : await loadParsers(paths);
  const careful = { careful: true };
  const answers = paths.map((path) => [path, eachApart ? SUSPECT : parseFile(path, parsers, careful)]);
  const suspects = answers.filter(([, answer]) => answer === SUSPECT).map(([path]) => path);
  if (suspects.length === 0) return answers;
  const { parseApart } = await import("./parse/apart.mjs");
  return [...answers.filter(([, answer]) => answer !== SUSPECT), ...parseApart(SCRIPT, suspects)];
}

/** The inner process of `parseApart`: trusts all files, as its death is expected. */
async function answerApart() {
  const paths = JSON.parse(readFileSync(0, "utf8"));
  const parsers = await loadParsers(paths);
  const answers = paths.map((path) => [path, parseFile(path, parsers, { careful: false })]);
  writeFileSync(1, JSON.stringify(answers));
}

/** JSON by hand: objects put keys that are numbers first, and have a `__proto__` of their own. */
function render(answers) {
  const entries = answers
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, answer]) => `${JSON.stringify(path)}:${JSON.stringify(answer)}`);
  return `{"files":{${entries.join(",")}},"version":${VERSION}}`;
}

const [first, outPath, ...flags] = process.argv.slice(2);
if (first === "--apart") {
  await answerApart();
} else {
  const paths = JSON.parse(readFileSync(first, "utf8"));
  const eachApart = flags.includes("--each-apart");
  writeFileSync(outPath, render(await parseBatch(paths, { eachApart })));
}
