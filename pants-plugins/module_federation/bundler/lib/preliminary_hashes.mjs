// Numbers in the place of hashes that are not final yet.

const HASH = /^[0-9a-f]{8}$/;
const HEX_DIGITS = /[0-9a-f]{8,}/g;
const LENGTH = 8;
const MOST = 16 ** 4;

/**
 * The hashes by which files are named before the bundler hashes what is in them. They depend on the
 * sandbox's path, and stand in the code of entries.
 */
export class PreliminaryHashes {
  /** @param {Iterable<string>} hashes those that are not of the usual form are left alone */
  constructor(hashes) {
    this.known = new Set([...hashes].filter((hash) => HASH.test(hash)));
  }

  /**
   * A text with numbers in the place of hashes, in the text's order, and the way back.
   *
   * Numbers are as long as hashes. They begin with a digit and have a letter, so that a property's name
   * that is one stays in quotes; and with letters that the text has nowhere else.
   *
   * @param {string} original
   * @returns {{text: string, changed: boolean, restored: (text: string) => string}}
   */
  numbered(original) {
    const found = new Set();
    const without = this.#replaced(original, (hash) => {
      found.add(hash);
      return "";
    });
    const mark = found.size > 0 && found.size <= MOST ? unusedMark(without) : undefined;
    if (mark === undefined) return { text: original, changed: false, restored: (text) => text };
    const numbers = new Map([...found].map((hash, place) => [hash, mark + hex(place, 4)]));
    const hashes = new Map([...numbers].map(([hash, number]) => [number, hash]));
    const restored = (text) =>
      text.replace(new RegExp(`${mark}[0-9a-f]{4}`, "g"), (number) => hashes.get(number) ?? number);
    return { text: this.#replaced(original, (hash) => numbers.get(hash)), changed: true, restored };
  }

  /** A hash can stand anywhere in a longer row of digits. */
  #replaced(text, replacement) {
    if (this.known.size === 0) return text;
    return text.replace(HEX_DIGITS, (row) => {
      let result = "";
      for (let at = 0; at < row.length; ) {
        const hash = row.slice(at, at + LENGTH);
        const isHash = this.known.has(hash);
        result += isHash ? replacement(hash) : row[at];
        at += isHash ? LENGTH : 1;
      }
      return result;
    });
  }
}

function unusedMark(text) {
  const marks = Array.from({ length: 256 }, (_, number) => `0a${hex(number, 2)}`);
  return marks.find((mark) => !text.includes(mark));
}

function hex(number, length) {
  return number.toString(16).padStart(length, "0");
}
