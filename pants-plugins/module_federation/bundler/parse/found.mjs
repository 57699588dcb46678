/** The imports of one file, with their places. */

const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

/** Turns offsets into lines and columns. Most imports stand at the top, so lines are read on demand. */
class Positions {
  constructor(text) {
    this.text = text;
    this.starts = [0];
    this.complete = false;
  }

  readTo(offset) {
    LINE_END.lastIndex = this.starts.at(-1);
    while (!this.complete && this.starts.at(-1) <= offset) {
      if (LINE_END.test(this.text)) this.starts.push(LINE_END.lastIndex);
      else this.complete = true;
    }
  }

  at(offset) {
    this.readTo(offset);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { column: offset - this.starts[low] + 1, line: low + 1 };
  }
}

/** Collects imports in any order; `sorted` has them as they stand in the file. */
export class Found {
  constructor(text) {
    this.positions = new Positions(text);
    this.imports = [];
  }

  /** `extra` holds what only some imports have: `optional` and `suffix`. */
  add(kind, specifier, offset, extra = {}) {
    const { column, line } = this.positions.at(offset);
    // The keys are in alphabetical order, so that equal answers are equal bytes.
    this.imports.push({ column, kind, line, ...optional(extra), specifier, ...suffix(extra) });
  }

  sorted() {
    const key = (found) => `${found.kind}\0${found.specifier}`;
    return this.imports.sort(
      (a, b) => a.line - b.line || a.column - b.column || (key(a) < key(b) ? -1 : 1),
    );
  }
}

function optional(extra) {
  return extra.optional === undefined ? {} : { optional: extra.optional };
}

function suffix(extra) {
  return extra.suffix === undefined ? {} : { suffix: extra.suffix };
}
