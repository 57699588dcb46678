// Turns the bundler's errors into text a user can act on.

const ANSI = /\u001b\[[0-9;]*m/g;

/** Paths of the sandbox, plain or as a URL, become repository paths. */
function toRepositoryPaths(text, root) {
  return text
    .replaceAll(`file://${root}/`, "")
    .replaceAll(`${root}/`, "")
    .replaceAll("__npm/node_modules/", "node_modules/");
}

/**
 * @param {Array<{message?: string, moduleName?: string, loc?: string}>} errors as in Rspack's stats
 * @param {string} root the sandbox
 * @returns {string} one block an error: `file:line:column`, then the bundler's message and frame
 */
export function formatErrors(errors, root) {
  const blocks = errors.map((error) => {
    const place = [error.moduleName, error.loc].filter(Boolean).join(":");
    const message = (error.message ?? String(error)).replace(ANSI, "").trim();
    return toRepositoryPaths(place ? `${place}\n${message}` : message, root);
  });
  return `${[...new Set(blocks)].join("\n\n")}\n`;
}
