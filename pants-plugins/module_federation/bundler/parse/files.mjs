/** One file, whatever it is: read, decoded, and handed to the parser of its kind. */
import { readFileSync } from "node:fs";
import { isSuspect } from "./nesting.mjs";

const SCRIPT = /\.([cm]?[jt]s|[jt]sx)$/;
const STYLE = /\.css$/;
const UTF8 = new TextDecoder("utf-8", { fatal: true });

export const TOO_DEEP =
  "The code in this file is nested too deeply. Split it up, or leave the file out of `sources`.";

/** What `parseFile` answers for a file that must be parsed in another process. */
export const SUSPECT = Symbol("suspect");

/** Loads the parsers that these files need; a batch without style sheets needs none for them. */
export async function loadParsers(paths) {
  const [{ parseScript }, { parseStyles }] = await Promise.all([
    paths.some((path) => SCRIPT.test(path)) ? import("./scripts.mjs") : {},
    paths.some((path) => STYLE.test(path)) ? import("./styles.mjs") : {},
  ]);
  return { parseScript, parseStyles };
}

/** The imports of the file at `path`. With `careful`, or `SUSPECT` for one that could end the process. */
export function parseFile(path, { parseScript, parseStyles }, { careful }) {
  if (!SCRIPT.test(path) && !STYLE.test(path)) return answer(null);
  try {
    const text = UTF8.decode(readFileSync(path));
    if (STYLE.test(path)) return parseStyles(path, text);
    if (careful && isSuspect(text)) return SUSPECT;
    return parseScript(path, text);
  } catch (error) {
    // Walking through a deep tree can need more stack than JavaScript has in this process.
    if (error instanceof RangeError && careful) return SUSPECT;
    return failed(reason(error));
  }
}

/** The answer for a file of which nothing is known but what went wrong. */
export function failed(message) {
  return answer({ column: 1, line: 1, message });
}

function answer(error) {
  return { error, imports: [], jsx: false };
}

function reason(error) {
  if (error.code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "The file is not valid UTF-8.";
  return error instanceof RangeError ? TOO_DEEP : error.message;
}
