/** Parses files in processes of their own, so that a file that ends its process ends no other. */
import { spawnSync } from "node:child_process";
import { failed, TOO_DEEP } from "./files.mjs";

/** Kilobytes of stack for JavaScript, out of the 8 MB that a main thread usually has. */
const STACK = 7000;
const SECONDS = 60;
const MAX_OUTPUT = 2 ** 30;

/**
 * The answers for `paths`, as an array of pairs. `script` is called with `--apart`, and reads the list
 * from standard input and writes the answers to standard output.
 */
export function parseApart(script, paths) {
  if (paths.length === 0) return [];
  const child = spawnSync(process.execPath, [`--stack-size=${STACK}`, script, "--apart"], {
    input: JSON.stringify(paths),
    maxBuffer: MAX_OUTPUT,
    timeout: SECONDS * 1000,
  });
  if (child.status === 0) return JSON.parse(child.stdout);
  // No file can make it end in an orderly way: that is a fault of the parser's own.
  if (child.status !== null) throw new Error(String(child.stderr));
  if (paths.length === 1) return [[paths[0], failed(whyNot(child))]];
  const middle = paths.length >> 1;
  return [
    ...parseApart(script, paths.slice(0, middle)),
    ...parseApart(script, paths.slice(middle)),
  ];
}

function whyNot({ error, signal }) {
  if (signal === "SIGSEGV" || signal === "SIGBUS") return TOO_DEEP;
  const cause = error?.code === "ETIMEDOUT" ? `it takes more than ${SECONDS} s` : signal;
  return `The parser does not get through this file (${cause}). Leave the file out of \`sources\`.`;
}
