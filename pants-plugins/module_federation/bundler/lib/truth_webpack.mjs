// Where the runtime modules of `@module-federation/enhanced` put the federation's data in webpack's code.
// The container's own table of exposed modules is no runtime module there, but part of its entry module.
import { EntryReader, childrenOf, isFunction } from "./truth_code.mjs";
import { NotUnderstood, loads, memberName, propertyKey } from "./truth_literals.mjs";

/** Object of the bundler's `require` → its properties, set one by one. */
const PARTS = new Map([
  ["chunkMapping", "consumesLoadingData"],
  ["initialConsumes", "consumesLoadingData"],
  ["moduleIdToConsumeDataMapping", "consumesLoadingData"],
  ["moduleIdToRemoteDataMapping", "remotesLoadingData"],
  ["shared", "initOptions"],
]);
const INTEREST =
  /\.(?:chunkMapping|initialConsumes|moduleIdToConsumeDataMapping|moduleIdToRemoteDataMapping|shared|federation|m|x)\s*=|\.(?:initContainerEntry|o|x)\(/g;

/**
 * @param {string} file the entry's name, for messages
 * @param {string} text its code
 * @returns {{data: object, options: object, startChunks: string[]}} what `readRspackEntry` returns,
 *   whatever it is called in webpack's code
 */
export function readWebpackEntry(file, text) {
  const reader = new WebpackReader(file, text, INTEREST);
  reader.read();
  const part = (name) => {
    const node = reader.parts.get(name)?.node;
    return node && reader.value(name, node);
  };
  return {
    data: {
      consumesLoadingData: {
        chunkMapping: part("chunkMapping"),
        initialConsumes: part("initialConsumes"),
        moduleIdToConsumeDataMapping: consumes(part("moduleIdToConsumeDataMapping") ?? {}),
      },
      initializeExposesData: reader.exposes(),
      initializeSharingData: sharing(part("shared") ?? {}),
      remotesLoadingData: { moduleIdToRemoteDataMapping: part("moduleIdToRemoteDataMapping") },
    },
    options: reader.initOptions(),
    startChunks: reader.startChunks(reader.started()),
  };
}

class WebpackReader extends EntryReader {
  parts = new Map();
  /** Objects of functions in which a name is looked up, and the scopes of containers' `init`. */
  tables = new Map();
  starts = [];

  assignment({ left, right }, scope) {
    const name = memberName(left);
    if (PARTS.has(name) && memberName(left.object) === PARTS.get(name)) {
      // The remotes have a table of that name too, which is set to a variable.
      this.add(this.parts, name, right, scope);
    } else if (name === "federation" && property(right, "initOptions")) {
      this.add(this.parts, name, right, scope);
    } else this.ownAssignment(name, right, scope);
  }

  call(node, scope) {
    const [first] = node.arguments;
    const name = memberName(node.callee);
    if (name === "initContainerEntry" && property(first, "shareScopeKey")) {
      this.add(this.parts, name, property(first, "shareScopeKey"), scope);
    } else if (name === "o" && first?.type === "Identifier") {
      const table = scope.resolve(first.name);
      if (isTableOfExposes(table)) this.tables.set(table.start, table);
    } else if (name === "x" && node.arguments.length === 0) this.starts.push(node.end);
  }

  /** `{moduleMap, shareScope}` of a container; undefined for an entry that is none. */
  exposes() {
    const shareScope = this.parts.get("initContainerEntry");
    if (!shareScope) return undefined;
    if (this.tables.size !== 1) {
      throw new NotUnderstood(`${this.file} has ${this.tables.size} tables of exposed modules`);
    }
    const [table] = this.tables.values();
    return {
      moduleMap: this.value("moduleMap", table),
      shareScope: this.value("shareScopeKey", shareScope.node),
    };
  }

  /** The container's name, strategy and remotes. */
  initOptions() {
    const federation = this.parts.get("federation")?.node;
    if (!federation) throw new NotUnderstood(`${this.file} sets no options of the federation runtime`);
    const { name, shareStrategy } = this.value("initOptions", property(federation, "initOptions"));
    const remotes = property(property(federation, "bundlerRuntimeOptions"), "remotes");
    const infos = property(remotes, "remoteInfos");
    if (!infos) throw new NotUnderstood(`${this.file} does not say what its remotes are`);
    return { name, shareStrategy, remoteInfos: this.value("remoteInfos", infos) };
  }

  /** Modules required at the start: by the function for it, and by the code after the call of it. */
  started() {
    const start = Math.max(...this.starts);
    const after = [];
    const visit = (node) => {
      if (node.end <= start) return;
      if (node.start >= start) after.push(...loads(node).modules);
      else childrenOf(node).forEach(visit);
    };
    if (this.starts.length > 0) visit(this.program);
    if (after.length === 0) throw new NotUnderstood(`${this.file} starts no module`);
    return [...this.startups.flatMap((startup) => loads(startup).modules), ...after];
  }
}

/** `initOptions.shared`, by share scope, as Rspack writes it. */
function sharing(shared) {
  const scopes = new Map();
  for (const [name, versions] of Object.entries(shared)) {
    for (const { version, get, scope, shareConfig, ...others } of versions) {
      const entry = { name, version, factory: get, ...withoutLayer(shareConfig), ...others };
      for (const each of scope) scopes.set(each, [...(scopes.get(each) ?? []), entry]);
    }
  }
  return { scopeToSharingDataMapping: Object.fromEntries(scopes) };
}

/** Where there is no copy to fall back on, webpack writes a function that throws. */
function consumes(mapping) {
  return Object.fromEntries(
    Object.entries(mapping).map(([id, { fallback, ...entry }]) => [
      id,
      withoutLayer(fallback?.throws ? entry : { fallback, ...entry }),
    ]),
  );
}

/** Nothing in a layer of its own is shared; a layer that is said to be none is no property. */
function withoutLayer({ layer, ...others }) {
  return layer === undefined || layer === null ? others : { layer, ...others };
}

/** A property's value in an object expression; undefined when either is not there. */
function property(node, name) {
  if (node?.type !== "ObjectExpression") return undefined;
  return node.properties.find((each) => propertyKey(each) === name)?.value;
}

/** `{"./Cart": () => …}`; the runtime has tables of its own, with other names. */
function isTableOfExposes(node) {
  return (
    node?.type === "ObjectExpression" &&
    node.properties.length > 0 &&
    node.properties.every((each) => propertyKey(each)?.startsWith(".") && isFunction(each.value))
  );
}
