// Numbers in the place of hashes that are not final yet.

const HASH = /^[0-9a-f]{8}$/;
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
   * @returns {{text: string, restored: (text: string) => string}}
   */
  numbered(original) {
    const found = new Set();
    const without = this.#replaced(original, (hash) => {
      found.add(hash);
      return "";
    });
    const mark = found.size > 0 && found.size <= MOST ? unusedMark(without) : undefined;
    if (mark === undefined) return { text: original, restored: (text) => text };
    const numbers = new Map([...found].map((hash, place) => [hash, mark + hex(place, 4)]));
    const hashes = new Map([...numbers].map(([hash, number]) => [number, hash]));
    const restored = (text) =>
      text.replace(new RegExp(`${mark}[0-9a-f]{4}`, "g"), (number) => hashes.get(number) ?? number);
    return { text: this.#replaced(original, (hash) => numbers.get(hash)), restored };
  }

  /** A hash can stand anywhere in a longer row of digits. */
  #replaced(text, replacement) {
    if (this.known.size === 0) return text;
    const parts = [];
    let done = 0;
    for (const { start, end } of rowsOfDigits(text)) {
      for (let at = start; at + LENGTH <= end; ) {
        const hash = text.slice(at, at + LENGTH);
        if (!this.known.has(hash)) {
          at += 1;
          continue;
        }
        parts.push(text.slice(done, at), replacement(hash));
        at += LENGTH;
        done = at;
      }
    }
    return parts.length > 0 ? parts.join("") + text.slice(done) : text;
  }
}

/**
 * Where hexadecimal digits stand in a row that is long enough for a hash. Looks at every eighth character of what
 * has none: a regular expression took 20 ms for the chunks of a container where this takes 4.
 */
function* rowsOfDigits(text) {
  for (let at = LENGTH - 1; at < text.length; at += LENGTH) {
    if (!isDigit(text, at)) continue;
    let start = at;
    while (isDigit(text, start - 1)) start -= 1;
    let end = at + 1;
    while (isDigit(text, end)) end += 1;
    if (end - start >= LENGTH) yield { start, end };
    at = end;
  }
}

/** Of the lower case; there is none before a text or behind it. */
function isDigit(text, at) {
  const code = text.charCodeAt(at);
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102);
}

function unusedMark(text) {
  const marks = Array.from({ length: 256 }, (_, number) => `0a${hex(number, 2)}`);
  return marks.find((mark) => !text.includes(mark));
}

function hex(number, length) {
  return number.toString(16).padStart(length, "0");
}
