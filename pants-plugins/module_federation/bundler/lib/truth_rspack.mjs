// Where Rspack's runtime modules put the federation's data.
import { EntryReader, isFunction } from "./truth_code.mjs";
import { loads, memberName } from "./truth_literals.mjs";

/** What the bundler's own runtime modules assign to properties of its `require`. */
const DATA = new Set([
  "consumesLoadingData",
  "initializeExposesData",
  "initializeSharingData",
  "remotesLoadingData",
]);
/** What the federation plugin's entry hands to the runtime: option → the object that it becomes part of. */
const OPTIONS = new Map([
  ["name", "initOptions"],
  ["shareStrategy", "initOptions"],
  ["remoteInfos", "remotes"],
]);
const INTEREST =
  /\.(?:consumesLoadingData|initializeExposesData|initializeSharingData|remotesLoadingData|m|x)\s*=|["'`](?:name|shareStrategy|remoteInfos)["'`]\s*,/g;

/**
 * @param {string} file the entry's name, for messages
 * @param {string} text its code
 * @returns {{data: object, options: object, startChunks: string[]}} the values of `DATA` and of
 *   `OPTIONS` that are there, and the chunks that are loaded as soon as the entry runs
 */
export function readRspackEntry(file, text) {
  const reader = new RspackReader(file, text, INTEREST);
  reader.read();
  return {
    data: reader.values(reader.data, (node) => node),
    options: reader.values(reader.options, returned),
    startChunks: reader.startChunks(reader.startups.flatMap((startup) => loads(startup).modules)),
  };
}

class RspackReader extends EntryReader {
  data = new Map();
  options = new Map();

  assignment({ left, right }, scope) {
    const name = memberName(left);
    if (DATA.has(name)) this.add(this.data, name, right, scope);
    else this.ownAssignment(name, right, scope);
  }

  /** `early(runtimeRequire.federation.initOptions, "name", () => "cart")` */
  call({ arguments: [owner, key, value] }, scope) {
    if (key?.type !== "Literal" || !value || !isFunction(value)) return;
    if (OPTIONS.has(key.value) && memberName(owner) === OPTIONS.get(key.value)) {
      this.add(this.options, key.value, value, scope);
    }
  }

  values(found, toExpression) {
    return Object.fromEntries(
      [...found].map(([name, { node, scope }]) => [name, this.value(name, toExpression(node, scope))]),
    );
  }
}

/** What `() => value` or `() => variable` returns, as an expression. */
function returned(node, scope) {
  if (node.body.type === "Identifier") {
    const value = scope.resolve(node.body.name);
    if (value !== null) return value;
  }
  return node.body;
}
