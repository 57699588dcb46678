// What a minimizer gets to see of a script: what it can make once for many containers.
import { runtimeApart } from "./federation_runtime.mjs";
import { withoutOwnIds } from "./own_ids.mjs";

/**
 * In characters before minification. At this size Rspack's minimizer takes 0.56 ms of processor time, a hit
 * 0.15 ms and keeping 0.3 ms (measured with Rspack 2.2.9 on a machine with two cores).
 */
const WORTH_KEEPING = 2_000;

/** What Rspack writes before modules that it has joined, of others that they need; with absolute paths. */
const PATHS_IN_COMMENT = /^\/\/ EXTERNAL MODULE: .*/gm;

/**
 * A script in parts that are minified by themselves: all of it, or an entry without the federation's runtime,
 * and the runtime.
 *
 * @param {{text: string, restored: (text: string) => string}} numbered without preliminary hashes
 * @param {string} root the sandbox's absolute path
 * @returns {{parts: Part[], restored: () => string}} `restored` makes one script of what the parts have
 *   become
 */
export function takenApart(numbered, root) {
  const apart = runtimeApart(numbered.text);
  const parts = (apart ? [apart.rest, apart.runtime] : [numbered.text]).map((text) => new Part(text, root));
  const joined = apart?.joined ?? ((text) => text);
  return { parts, restored: () => numbered.restored(joined(...parts.map((part) => part.restored()))) };
}

class Part {
  /** What decides what the minimizer makes of it; null if it is not to be kept. */
  key = null;
  /** What the minimizer made of it. */
  minified = undefined;

  constructor(text, root) {
    const plain = withoutRoot(text, root);
    // Told by a text without paths, so that what is emitted does not depend on their length.
    /** Whether it is worth keeping. Then the minimizer gets to see it as it would be in any container. */
    this.isWorth = plain !== null && plain.length >= WORTH_KEEPING;
    const own = this.isWorth ? withoutOwnIds(plain) : { text, restored: (minified) => minified };
    this.text = own.text;
    this.restored = () => own.restored(this.minified);
  }

  get isMinified() {
    return typeof this.minified === "string";
  }
}

/** A chunk without the sandbox's path in comments; `null` if it stands anywhere else. */
function withoutRoot(text, root) {
  if (!text.includes(root)) return text;
  const result = text.replace(PATHS_IN_COMMENT, (comment) => comment.replaceAll(`${root}/`, ""));
  return result.includes(root) ? null : result;
}
