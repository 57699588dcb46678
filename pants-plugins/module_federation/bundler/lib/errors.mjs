// Turns the bundler's errors into text a user can act on.
import path from "node:path";

const ANSI = /\u001b\[[0-9;]*m/g;
// The head of a code frame, `╭─[2:10]`: a syntax error has its place nowhere else.
const FRAME = /╭─\[(\d+):(\d+)\]/;

/** Paths of the sandbox, plain or as a URL, become repository paths. */
function toRepositoryPaths(text, root) {
  return text
    .replaceAll(`file://${root}/`, "")
    .replaceAll(`${root}/`, "")
    .replaceAll("__npm/node_modules/", "node_modules/");
}

/**
 * @param {Array<{message?: string, moduleName?: string, loc?: string}>} errors as in Rspack's stats
 * @param {{root: string, packageDirectory: string}} place the sandbox, and the folder in it from
 *   which the bundler names modules (`./src/a.ts`)
 * @returns {string} one block an error: `file:line:column`, then the bundler's message and frame
 */
export function formatErrors(errors, { root, packageDirectory }) {
  const blocks = errors.map((error) => {
    const file = error.moduleName?.replace(/^\.{1,2}\//, (start) => path.posix.join(packageDirectory, start));
    const message = (error.message ?? String(error)).replace(ANSI, "").trim();
    const [, line, column] = FRAME.exec(message) ?? [];
    const spot = error.loc ?? (line && `${line}:${Number(column) + 1}`);
    const place = [file && path.posix.normalize(file), file && spot].filter(Boolean).join(":");
    return toRepositoryPaths(place ? `${place}\n${message}` : message, root);
  });
  return `${[...new Set(blocks)].join("\n\n")}\n`;
}
