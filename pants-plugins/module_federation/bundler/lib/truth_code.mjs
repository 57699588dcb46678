// Finds the federation's data in the code of an entry, minified or not. Names of properties survive
// minification, names of variables do not.
import { parseSync, visitorKeys } from "oxc-parser";
import { NotUnderstood, literal, loads, memberName, propertyKey } from "./truth_literals.mjs";

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

/**
 * Where in the text anything of interest can stand. Most of an entry is the federation runtime's own
 * code; not to walk through it makes reading several times faster.
 */
const INTEREST =
  /\.(?:consumesLoadingData|initializeExposesData|initializeSharingData|remotesLoadingData|m|x)\s*=|["'`](?:name|shareStrategy|remoteInfos)["'`]\s*,/g;

/**
 * @param {string} file the entry's name, for messages
 * @param {string} text its code
 * @returns {{data: object, options: object, startChunks: string[]}} the values of `DATA` and of
 *   `OPTIONS` that are there, and the chunks that are loaded as soon as the entry runs
 */
export function readEntry(file, text) {
  const { errors, program } = parseSync(file, text, { sourceType: "script", preserveParens: false });
  if (errors.length > 0) throw new NotUnderstood(`${file} is no script: ${errors[0].message}`);
  const reader = new EntryReader(file, [...text.matchAll(INTEREST)].map((match) => match.index));
  reader.visit(program, new Scope(null, []));
  return {
    data: reader.values(reader.data, (node) => node),
    options: reader.values(reader.options, (node, scope) => reader.returned(node, scope)),
    startChunks: reader.startChunks(),
  };
}

/** Variables of one function, name → what they are set to where they are declared. */
class Scope {
  constructor(parent, parameters) {
    this.parent = parent;
    this.variables = new Map(parameters.map((name) => [name, null]));
  }

  resolve(name) {
    for (let scope = this; scope !== null; scope = scope.parent) {
      if (scope.variables.has(name)) return scope.variables.get(name);
    }
    return null;
  }
}

class EntryReader {
  constructor(file, places) {
    this.file = file;
    this.places = places;
    this.data = new Map();
    this.options = new Map();
    this.modules = [];
    this.startups = [];
  }

  visit(node, scope) {
    if (node.type === "AssignmentExpression") this.assignment(node, scope);
    else if (node.type === "CallExpression") this.call(node, scope);
    const inner = isFunction(node) ? new Scope(scope, parameterNames(node)) : scope;
    const children = (visitorKeys[node.type] ?? []).flatMap((key) => node[key] ?? []);
    for (const child of children) {
      if (child.type === "VariableDeclaration") declare(child, inner);
    }
    for (const child of children) if (this.isOfInterest(child)) this.visit(child, inner);
  }

  isOfInterest({ start, end }) {
    return this.places.some((place) => start <= place && place < end);
  }

  assignment({ left, right }, scope) {
    const name = memberName(left);
    if (DATA.has(name)) this.add(this.data, name, right, scope);
    else if (name === "m" && right.type === "Identifier") this.modules.push({ node: right, scope });
    else if (name === "x" && isFunction(right)) this.startups.push(right);
  }

  /** `early(runtimeRequire.federation.initOptions, "name", () => "cart")` */
  call({ arguments: [owner, key, value] }, scope) {
    if (key?.type !== "Literal" || !value || !isFunction(value)) return;
    if (OPTIONS.has(key.value) && memberName(owner) === OPTIONS.get(key.value)) {
      this.add(this.options, key.value, value, scope);
    }
  }

  add(found, name, node, scope) {
    if (found.has(name)) throw new NotUnderstood(`${this.file} sets \`${name}\` twice`);
    found.set(name, { node, scope });
  }

  values(found, toExpression) {
    return Object.fromEntries(
      [...found].map(([name, { node, scope }]) => [
        name,
        literal(toExpression(node, scope), `\`${name}\` in ${this.file}`),
      ]),
    );
  }

  /** What `() => value` or `() => variable` returns, as an expression. */
  returned(node, scope) {
    if (node.body.type === "Identifier") {
      const value = scope.resolve(node.body.name);
      if (value !== null) return value;
    }
    return node.body;
  }

  /** The chunks asked for by the modules that the start of the entry requires. */
  startChunks() {
    const started = new Set(this.startups.flatMap((startup) => loads(startup).modules));
    const functions = new Map(this.modules.flatMap((map) => this.moduleFunctions(map)));
    if (started.size === 0) throw new NotUnderstood(`${this.file} starts no module`);
    const chunks = [...started].flatMap((id) => {
      const code = functions.get(id);
      if (code === undefined) throw new NotUnderstood(`${this.file} lacks the module ${id} that it starts`);
      return loads(code).chunks;
    });
    return [...new Set(chunks)];
  }

  moduleFunctions({ node, scope }) {
    const table = scope.resolve(node.name);
    if (table?.type !== "ObjectExpression") return [];
    return table.properties.map((property) => [propertyKey(property), property.value]);
  }
}

function declare({ declarations }, scope) {
  for (const { id, init } of declarations) {
    if (id.type === "Identifier" && init) scope.variables.set(id.name, init);
  }
}

function isFunction(node) {
  return (
    node.type === "ArrowFunctionExpression" ||
    node.type === "FunctionExpression" ||
    node.type === "FunctionDeclaration"
  );
}

function parameterNames(node) {
  return node.params.filter((each) => each.type === "Identifier").map((each) => each.name);
}
