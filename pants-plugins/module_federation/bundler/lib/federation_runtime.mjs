// The federation's runtime in the text of an entry: nine tenths of it, and the same in most containers.
import { MODULE } from "./own_ids.mjs";

/**
 * How Rspack (2.2.9) begins what the federation plugin writes into the runtime's module. The rest of this
 * comment repeats all of it.
 */
const PLUGINS_PART = "\n;// CONCATENATED MODULE: @module-federation/runtime/rspack.js!=!data:";
/** What ends a module: before the next one, or before the end of the table. */
const END = /\n\}(?=,\n(?:\d+\(|\n\}\);\n))/g;
/** Where the runtime says whose it is: in the plugin's part, and twice in `@module-federation/runtime` (2.9.2). */
const NAME = /^(const __module_federation_container_name__ = "|\treturn {2}true \? ")([^":]*)(?=[":])/gm;
/** A name that is written the same in every kind of string. */
const PLAIN = /^[A-Za-z_]\w*$/;
/** Before a table of which all modules are strict; else each strict module begins with it. */
const STRICT = '"use strict";\n';

const LIST = "federationRuntime";
/** The runtime as a chunk of its own, minified, or as it was if the minimizer refused it. */
const CHUNK = new RegExp(
  [
    String.raw`^(?:"use strict";)?\s*\(globalThis(?:\.${LIST}|\["${LIST}"\]) ?\|\|= ?\[\]\)`,
    String.raw`\.push\(\[\[0\], ?\{\s*\d+(\([^{]*\{)(.*\})\s*\}\]\);?$`,
  ].join(""),
  "s",
);

/**
 * Takes the runtime's module out of an entry. A text without it, or with it in a form not known here, stays
 * whole.
 *
 * Nothing crosses the border of a module's function but its parameters, and that it is strict, so both parts
 * can be minified by themselves. The runtime comes as a strict chunk of this one module, with another name in
 * the place of the container's: it is then the same text in many containers.
 *
 * @param {string} entry before it is minified
 * @returns {null | {rest: string, runtime: string, joined: (rest: string, runtime: string) => string}}
 *   `joined` makes one text of the minified parts; it throws where they do not fit
 */
export function runtimeApart(entry) {
  const found = findModule(entry);
  const mark = found && unusedMark(entry);
  if (!mark) return null;
  const { id, start, end, head, body, strictBy } = found;
  const names = new Set();
  const anyBody = body.replace(NAME, (_, before, name) => {
    names.add(name);
    return before + mark;
  });
  const [name = ""] = names;
  if (!strictBy || names.size > 1 || !PLAIN.test(name)) return null;
  return {
    rest: `${entry.slice(0, start)}${id}:${mark}${entry.slice(end)}`,
    runtime: `${STRICT}(globalThis["${LIST}"] ||= []).push([[0], {\n${id}${head}${anyBody}\n}]);`,
    joined(rest, runtime) {
      const [, ownHead, ownBody] = CHUNK.exec(runtime) ?? [];
      const halves = rest.split(`:${mark}`);
      if (ownHead === undefined || halves.length !== 2) {
        throw new Error("The federation's runtime is not where it was in a minimized entry.");
      }
      const directive = strictBy === "itself" ? STRICT.trim() : "";
      return halves.join(ownHead + directive + ownBody.replaceAll(mark, () => name));
    },
  };
}

/**
 * From the module's id to its closing brace: `head` is its parameters, `body` is without the directive and the
 * comment.
 */
function findModule(entry) {
  const comment = entry.indexOf(PLUGINS_PART);
  // More than one: somebody's text looks like it.
  if (comment < 0 || entry.includes(PLUGINS_PART, comment + 1)) return null;
  const begins = [...entry.slice(0, comment).matchAll(MODULE)];
  END.lastIndex = comment;
  const close = END.exec(entry);
  if (begins.length === 0 || !close) return null;
  const [line, id] = begins.at(-1);
  const start = begins.at(-1).index;
  const end = close.index + close[0].length;
  const inside = start + line.length + 1;
  const isStrict = entry.startsWith(STRICT, inside);
  const isStrictTable = entry.slice(0, begins[0].index).includes(STRICT);
  return {
    ...{ id, start, end, head: `${line.slice(id.length)}\n` },
    body:
      entry.slice(isStrict ? inside + STRICT.length : inside, comment) +
      entry.slice(entry.indexOf("\n", comment + 1), end),
    strictBy: isStrict ? "itself" : isStrictTable ? "table" : null,
  };
}

function unusedMark(text) {
  const marks = Array.from({ length: 100 }, (_, number) => `federation_runtime_${number}`);
  return marks.find((mark) => !text.includes(mark));
}
