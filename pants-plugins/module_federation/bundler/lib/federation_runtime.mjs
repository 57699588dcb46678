// The federation's runtime in the text of an entry: nine tenths of it, and the same in most containers.
import { MODULE } from "./own_ids.mjs";

/**
 * How Rspack (2.2.9) begins what the federation plugin writes into the runtime's module. The rest of this
 * comment repeats all of it.
 */
const PLUGINS_PART = "\n;// CONCATENATED MODULE: @module-federation/runtime/rspack.js!=!data:";
/** What ends a module: before the next one, or before the end of the table. */
const END = /\n\}(?=,\n(?:\d+\(|\n\}\);\n))/g;
/** Where the runtime says whose it is: in the plugin's part, and in `@module-federation/runtime-core` (2.9.2). */
const NAME = /^(const __module_federation_container_name__ = "|\treturn {2}true \? ")([^":]*)(?=[":])/gm;
/** A name that is written the same in every kind of string. */
const PLAIN = /^[A-Za-z_]\w*$/;

const LIST = "federationRuntime";
/** The runtime as a chunk of its own, minified. */
const CHUNK = new RegExp(
  String.raw`^(?:"use strict";)?\(globalThis\.${LIST}\|\|=\[\]\)\.push\(\[\[0\],\{\d+(\(.*\})\}\]\);?$`,
  "s",
);

/**
 * Takes the runtime's module out of an entry. A text without it, or with it in a form not known here, stays
 * whole.
 *
 * Nothing crosses the border of a module's function but its parameters, so both parts can be minified by
 * themselves. The runtime comes as a chunk of this one module, with another name in the place of the
 * container's: it is then the same text in many containers.
 *
 * @param {string} entry before it is minified
 * @returns {null | {rest: string, runtime: string, joined: (rest: string, runtime: string) => string}}
 *   `joined` makes one text of the minified parts; it throws where they do not fit
 */
export function runtimeApart(entry) {
  const found = findModule(entry);
  const mark = found && unusedMark(entry);
  if (!mark) return null;
  const { id, start, end, code } = found;
  const names = new Set();
  const anyCode = code.replace(NAME, (_, before, name) => {
    names.add(name);
    return before + mark;
  });
  const [name = ""] = names;
  if (names.size > 1 || !PLAIN.test(name)) return null;
  return {
    rest: `${entry.slice(0, start)}${id}:${mark}${entry.slice(end)}`,
    runtime: `"use strict";\n(globalThis["${LIST}"] ||= []).push([[0], {\n${id}${anyCode}\n}]);`,
    joined(rest, runtime) {
      const own = CHUNK.exec(runtime)?.[1];
      const halves = rest.split(`:${mark}`);
      if (own === undefined || halves.length !== 2) {
        throw new Error("The federation's runtime is not where it was in a minimized entry.");
      }
      return halves.join(own.replaceAll(mark, () => name));
    },
  };
}

/** From the module's id to its closing brace; `code` is what is behind the id, without the comment. */
function findModule(entry) {
  const comment = entry.indexOf(PLUGINS_PART);
  if (comment < 0) return null;
  const begin = [...entry.slice(0, comment).matchAll(MODULE)].at(-1);
  END.lastIndex = comment;
  const close = END.exec(entry);
  if (!begin || !close) return null;
  const [[, id], start, end] = [begin, begin.index, close.index + close[0].length];
  const code = entry.slice(start + id.length, comment) + entry.slice(entry.indexOf("\n", comment + 1), end);
  return { id, start, end, code };
}

function unusedMark(text) {
  const marks = Array.from({ length: 100 }, (_, number) => `federation_runtime_${number}`);
  return marks.find((mark) => !text.includes(mark));
}
