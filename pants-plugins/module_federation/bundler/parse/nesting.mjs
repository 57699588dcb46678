/**
 * Tells which files the native parser must not see in this process: it recurses, and where its stack
 * ends, the process dies.
 *
 * Measured with oxc-parser 0.154.0 and 8 MB of stack (Linux, x64): no kind of bracket overflows it at
 * 3,000 levels (`(`, `[`, function bodies and objects do at 6,000; arrow functions and type arguments
 * at 12,000), and nothing without brackets (operators, `if (a) if (b)`, `else if`, labels, JSX) at
 * 12,000. The limits below keep well away from that.
 */

/** A shorter text cannot nest deeply enough, whatever it holds. */
const HARMLESS_LENGTH = 2500;
/** With no more openers and no more other tokens than this in the whole file, no nesting is too deep. */
const HARMLESS_OPENERS = 1000;
const HARMLESS_TOKENS = 6000;
/** Larger files are judged by their shape. People stay far below all of these. */
const MAX_DEPTH = 500;
const MAX_RUN = 3000;
const MAX_ELSE = 1000;
/** The tree of a larger file takes hundreds of megabytes. */
const MAX_LENGTH = 5_000_000;

const SPACE = 0;
const WORD = 1;
const OTHER = 2;
const OPEN = 3;
const CLOSE = 4;
const BREAK = 5;
const ANGLE = 6;

const CLASSES = new Uint8Array(128).fill(OTHER);
for (let code = 0; code <= 32; code += 1) CLASSES[code] = SPACE;
for (const [characters, kind] of [
  ["0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$", WORD],
  ["([", OPEN],
  [")]", CLOSE],
  ["{", OPEN],
  ["}", CLOSE],
  [";,", BREAK],
  ["<>", ANGLE],
]) {
  for (const character of characters) CLASSES[character.charCodeAt(0)] = kind;
}
const CURLY_OPEN = 0x7b;
const CURLY_CLOSE = 0x7d;

/**
 * Whether parsing `text` could overflow the native stack. Brackets in strings and comments count like
 * any others, so a strange but harmless file may be among the suspects: they are parsed too, apart.
 */
export function isSuspect(text) {
  if (text.length < HARMLESS_LENGTH) return false;
  if (text.length > MAX_LENGTH) return true;
  let openers = 0;
  let tokens = 0;
  let depth = 0;
  let deepest = 0;
  // Tokens since the last `;`, `,`, `{` or `}`: what nests without brackets has none of them.
  let runStart = 0;
  let longestRun = 0;
  let previous = SPACE;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const kind = code < 128 ? CLASSES[code] : WORD;
    if (kind === SPACE || (kind === WORD && previous === WORD)) {
      previous = kind;
      continue;
    }
    previous = kind;
    tokens += 1;
    if (kind === OPEN) {
      openers += 1;
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (kind === CLOSE) {
      if (depth > 0) depth -= 1;
    } else if (kind === ANGLE) {
      openers += 1;
    }
    if (kind === BREAK || code === CURLY_OPEN || code === CURLY_CLOSE) {
      if (tokens - runStart > longestRun) longestRun = tokens - runStart;
      runStart = tokens;
    }
  }
  if (openers <= HARMLESS_OPENERS && tokens <= HARMLESS_TOKENS) return false;
  if (deepest > MAX_DEPTH || Math.max(longestRun, tokens - runStart) > MAX_RUN) return true;
  return text.split(/\belse\b/, MAX_ELSE + 2).length > MAX_ELSE + 1;
}
