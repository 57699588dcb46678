// Turns the bundlers' errors into text a user can act on.
import path from "node:path";

const ANSI = /\u001b\[[0-9;]*m/g;
// The head of a code frame: a syntax error has its place nowhere else. Rspack writes `╭─[2:10]` and counts
// columns from 0, SWC by itself `,-[/folder/file.tsx:2:11]`, from 1.
const FRAME = /(?:╭─|,-)\[(?<file>[^\]\n]+:)?(?<line>\d+):(?<column>\d+)\]/;
const LOADER = /\(from \S*node_modules\/((?:@[^/\s]+\/)?[^/\s)]+)[^)]*\)/g;
// What the insides of the tools looked like at the time.
const INSIDES = /\n+Caused by:\n[\s\S]*$|\n+Stack backtrace:\n[\s\S]*$|\n\s+at [^\n]*(?=\n|$)/g;

/** Paths of the sandbox, plain or as a URL, become repository paths. */
function toRepositoryPaths(text, root) {
  return text
    .replace(LOADER, "(from $1)")
    .replaceAll(`file://${root}/`, "")
    .replaceAll(`${root}/`, "")
    .replaceAll("__npm/node_modules/", "node_modules/");
}

/**
 * @param {Array<{message?: string, moduleName?: string, loc?: string}>} errors as in the bundler's stats
 * @param {{root: string, packageDirectory: string, bundler: string}} place the sandbox, and the folder in
 *   it from which the bundler names modules (`./src/a.ts`)
 * @returns {string} one block an error: `file:line:column`, then the bundler's message and frame
 */
export function formatErrors(errors, { root, packageDirectory, bundler }) {
  const blocks = errors.map((error) => {
    const file = error.moduleName?.replace(/^\.{1,2}\//, (start) => path.posix.join(packageDirectory, start));
    const message = (error.message ?? String(error)).replace(ANSI, "").replace(INSIDES, "").trim();
    const spot = placeOf(error.loc, bundler) ?? placeOfFrame(message);
    const place = [file && path.posix.normalize(file), file && spot].filter(Boolean).join(":");
    return toRepositoryPaths(place ? `${place}\n${message}` : message, root);
  });
  return `${[...new Set(blocks)].join("\n\n")}\n`;
}

/** `2:11-14` as in editors, with columns from 1; webpack counts them from 0. */
function placeOf(loc, bundler) {
  if (!loc || bundler !== "webpack") return loc || undefined;
  return loc.replace(/([:-])(\d+)(?!\d*:)/g, (_, sign, column) => `${sign}${Number(column) + 1}`);
}

function placeOfFrame(message) {
  const { file, line, column } = FRAME.exec(message)?.groups ?? {};
  return line && `${line}:${Number(column) + (file ? 0 : 1)}`;
}
