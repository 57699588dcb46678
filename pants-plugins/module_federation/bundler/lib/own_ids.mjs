// Numbers in the place of the ids that a chunk's text has from its container.

/** How Rspack (2.2.9) begins a chunk that is no entry. Other names of the list of chunks stay as they are. */
const CHUNK = /^(?:"use strict";\n)?\(globalThis\["([A-Za-z_$][\w$]*)"\] \|\|= \[\]\)\.push\(\[\[(\d+)\], \{\n/;

// The function of a module, with the names of its parameters; what is loaded by the id of a module or chunk.
const MODULE_PARAMETERS = [
  "(?:__unused_rspack_)?(?:module|__webpack_module__)",
  "(?:, (?:__unused_rspack_)?(?:exports|__webpack_exports__))?",
  "(?:, (?:__unused_rspack_)?__webpack_require__)?",
].join("");
const MODULE = new RegExp(String.raw`^(\d+)(\(${MODULE_PARAMETERS}\) \{)$`, "gm");
const LOADED = /(__webpack_require__(?:(?:\.e)?\(|(?:\.t)?\.bind\(__webpack_require__, ))(\d+)(?=[,)])/g;

const MOST = 10_000;

/**
 * A chunk's text as it would be in any container, and the way back.
 *
 * The bundler numbers chunks and modules for each container anew, and names its list of chunks after it. With
 * numbers in the place of these, in the text's order, a chunk of the same modules is the same text wherever
 * it is. A text that is no such chunk stays as it is; so does an id that stands in a way not known here.
 *
 * A minimizer changes no number that is an argument or the name of a method, but writes it as it likes: SWC
 * (in Rspack 2.2.9) with an exponent if that is shorter, and from 10,000,000 on in hexadecimal digits. So these
 * have seven digits, the last of them a 1. The first two stand nowhere else in the text that way: what looks
 * like an id in a string comes back as it was.
 *
 * @param {string} original
 * @returns {{text: string, changed: boolean, restored: (text: string) => string}} `restored` throws for a text
 *   in which the numbers are not to be found again
 */
export function withoutOwnIds(original) {
  const unchanged = { text: original, changed: false, restored: (text) => text };
  const header = CHUNK.exec(original);
  const mark = header && unusedMark(original);
  if (!mark) return unchanged;
  const [beginning, list, chunk] = header;
  const numbers = new Map();
  const numberOf = (id) => {
    if (!numbers.has(id)) numbers.set(id, `${mark}${String(numbers.size).padStart(4, "0")}1`);
    return numbers.get(id);
  };
  const anyList = `rspackChunk${mark}`;
  const text =
    beginning.replace(`"${list}"`, () => `"${anyList}"`).replace(`[[${chunk}]`, () => `[[${numberOf(chunk)}]`) +
    original
      .slice(beginning.length)
      .replace(MODULE, (_, id, parameters) => numberOf(id) + parameters)
      .replace(LOADED, (_, call, id) => call + numberOf(id));
  if (numbers.size > MOST) return unchanged;
  const ids = new Map([...numbers].map(([id, number]) => [number, id]));
  const restored = (minified) => {
    if (!minified.includes(anyList) || !minified.includes(`[[${numberOf(chunk)}]`)) {
      throw new Error("A minimized chunk has other numbers than before.");
    }
    return minified
      .replace(anyList, () => list)
      .replace(new RegExp(`${mark}\\d{4}1`, "g"), (number) => ids.get(number) ?? number);
  };
  return { text, changed: true, restored };
}

function unusedMark(text) {
  const marks = Array.from({ length: 90 }, (_, number) => String(99 - number));
  return marks.find((mark) => !new RegExp(`${mark}\\d{4}1`).test(text) && !text.includes(`rspackChunk${mark}`));
}
