// Numbers in the place of the ids that a chunk's text has from its container.

/** How Rspack (2.2.9) begins a chunk that is no entry. Other names of the list of chunks stay as they are. */
const CHUNK = /^(?:"use strict";\n)?\(globalThis\["([A-Za-z_$][\w$]*)"\] \|\|= \[\]\)\.push\(\[\[(\d+)\], \{\n/;

// The function of a module, with the names of its parameters.
const MODULE_PARAMETERS = [
  "(?:__unused_rspack_)?(?:module|__webpack_module__)",
  "(?:, (?:__unused_rspack_)?(?:exports|__webpack_exports__))?",
  "(?:, (?:__unused_rspack_)?__webpack_require__)?",
].join("");
/** Its id and parameters; global. */
export const MODULE = new RegExp(String.raw`^(\d+)(\(${MODULE_PARAMETERS}\) \{)$`, "gm");
/** What is loaded by the id of a module or chunk. */
const LOADED = /(__webpack_require__(?:(\.e)?\(|(?:\.t)?\.bind\(__webpack_require__, ))(\d+)(?=[,)])/g;
/** Before it, `__webpack_require__` is a part of somebody's own name. */
const PART_OF_A_NAME = /[\w$.]/;
/** Of a bundle in the bundle, which has ids of its own. */
const NESTED = "__nested_webpack_require_";

const MOST = 10_000;

/**
 * A chunk's text as it would be in any container, and the way back.
 *
 * The bundler numbers chunks and modules for each container anew, and names its list of chunks after it. With
 * numbers in the place of these, in the text's order, a chunk of the same modules is the same text wherever
 * it is. A text that is no such chunk stays as it is; so does an id that stands in a way not known here.
 *
 * A minimizer does not calculate with what is an argument of `__webpack_require__` or the name of a method, but
 * writes it as it likes: SWC (in Rspack 2.2.9) integers with an exponent or in hexadecimal digits, where that is
 * shorter. These numbers have a fraction and fifteen digits, which it leaves alone, and which nobody else's
 * number has by accident. What looks like an id in a string comes back as it was, unless the minimizer
 * evaluates the string: `"__webpack_require__(149)".length` would come out wrong.
 *
 * @param {string} original
 * @returns {{text: string, restored: (text: string) => string}} `restored` throws for a text
 *   in which the numbers are not to be found again
 */
export function withoutOwnIds(original) {
  const unchanged = { text: original, restored: (text) => text };
  const header = CHUNK.exec(original);
  const mark = header && !original.includes(NESTED) && unusedMark(original);
  if (!mark) return unchanged;
  const [beginning, list, chunk] = header;
  const numbers = new Map();
  /** A chunk and a module can have the same id, here one and there another. */
  const numberOf = (kind, id) => {
    const key = kind + id;
    if (!numbers.has(key)) numbers.set(key, `${mark}${String(numbers.size).padStart(4, "0")}1`);
    return numbers.get(key);
  };
  const anyList = `rspackChunk${mark.replace(".", "_")}`;
  const anyChunk = `[[${numberOf("c", chunk)}]`;
  const text =
    beginning.replace(`"${list}"`, () => `"${anyList}"`).replace(`[[${chunk}]`, () => anyChunk) +
    original
      .slice(beginning.length)
      .replace(MODULE, (_, id, parameters) => numberOf("m", id) + parameters)
      .replace(LOADED, (found, call, ofChunk, id, at, whole) =>
        PART_OF_A_NAME.test(whole.charAt(at - 1)) ? found : call + numberOf(ofChunk ? "c" : "m", id),
      );
  if (numbers.size > MOST) return unchanged;
  const ids = new Map([...numbers].map(([key, number]) => [number, key.slice(1)]));
  const written = new RegExp(`${mark.replace(".", "\\.")}\\d{4}1`, "g");
  const restored = (minified) => {
    if (!minified.includes(anyList) || !minified.includes(anyChunk)) {
      throw new Error("A minimized chunk has other numbers than before.");
    }
    return minified.replace(anyList, () => list).replace(written, (number) => ids.get(number) ?? number);
  };
  return { text, restored };
}

function unusedMark(text) {
  const marks = Array.from({ length: 90 }, (_, number) => `${99 - number}.73120946`);
  return marks.find((mark) => !text.includes(mark) && !text.includes(mark.replace(".", "_")));
}
