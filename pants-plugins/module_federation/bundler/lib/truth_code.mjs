// Walks the code of an entry, minified or not, and collects what the federation's data are set to.
// Names of properties survive minification, names of variables do not. What is where differs between the
// bundlers: see `truth_rspack.mjs` and `truth_webpack.mjs`.
import { parseSync, visitorKeys } from "oxc-parser";
import { NotUnderstood, literal, loads, propertyKey } from "./truth_literals.mjs";

/** `require.e(` */
const LOADS_CHUNK = /\.\s*e\s*\(/;

/** Variables of one function, name → what they are set to where they are declared. */
export class Scope {
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

/** What both bundlers' readers have in common; `assignment` and `call` are theirs. */
export class EntryReader {
  /**
   * @param {string} file the entry's name, for messages
   * @param {string} text its code
   * @param {RegExp} interest where in the text anything of interest can stand. Most of an entry is the
   *   federation runtime's own code; not to walk through it makes reading several times faster.
   */
  constructor(file, text, interest) {
    const { errors, program } = parseSync(file, text, { sourceType: "script", preserveParens: false });
    if (errors.length > 0) throw new NotUnderstood(`${file} is no script: ${errors[0].message}`);
    this.file = file;
    this.text = text;
    this.program = program;
    this.places = [...text.matchAll(interest)].map((match) => match.index);
    this.modules = [];
    this.startups = [];
  }

  read() {
    this.visit(this.program, new Scope(null, []));
  }

  visit(node, scope) {
    if (node.type === "AssignmentExpression") this.assignment(node, scope);
    else if (node.type === "CallExpression") this.call(node, scope);
    const inner = isFunction(node) ? new Scope(scope, parameterNames(node)) : scope;
    const children = childrenOf(node);
    for (const child of children) {
      if (child.type === "VariableDeclaration") declare(child, inner);
    }
    for (const child of children) if (this.isOfInterest(child)) this.visit(child, inner);
  }

  isOfInterest({ start, end }) {
    return this.places.some((place) => start <= place && place < end);
  }

  /** The table of modules, and the function that starts them: the same with both bundlers. */
  ownAssignment(name, right, scope) {
    if (name === "m" && right.type === "Identifier") this.modules.push({ node: right, scope });
    else if (name === "x" && isFunction(right)) this.startups.push(right);
  }

  /** Remembers the one node that a name stands for. */
  add(found, name, node, scope) {
    if (found.has(name)) throw new NotUnderstood(`${this.file} sets \`${name}\` twice`);
    found.set(name, { node, scope });
  }

  value(name, node) {
    return literal(node, `\`${name}\` in ${this.file}`);
  }

  /** The chunks asked for by the modules that the start of the entry requires. */
  startChunks(started) {
    const functions = new Map(this.modules.flatMap((map) => this.moduleFunctions(map)));
    if (started.length === 0) throw new NotUnderstood(`${this.file} starts no module`);
    const chunks = started.flatMap((id) => {
      const code = functions.get(id);
      if (code === undefined) throw new NotUnderstood(`${this.file} lacks the module ${id} that it starts`);
      // The federation's runtime starts in each entry: by far the largest module, and it asks for none.
      return LOADS_CHUNK.test(this.text.slice(code.start, code.end)) ? loads(code).chunks : [];
    });
    return [...new Set(chunks)];
  }

  /** Where ids are small numbers, a table can be an array. */
  moduleFunctions({ node, scope }) {
    const table = scope.resolve(node.name);
    if (table?.type === "ObjectExpression") {
      return table.properties.map((property) => [propertyKey(property), property.value]);
    }
    if (table?.type === "ArrayExpression") {
      return table.elements.flatMap((code, id) => (code ? [[String(id), code]] : []));
    }
    return [];
  }
}

/** The nodes right below one; an array's holes are left out. */
export function childrenOf(node) {
  return (visitorKeys[node.type] ?? []).flatMap((key) => node[key] ?? []).filter(Boolean);
}

export function isFunction(node) {
  return (
    node.type === "ArrowFunctionExpression" ||
    node.type === "FunctionExpression" ||
    node.type === "FunctionDeclaration"
  );
}

function declare({ declarations }, scope) {
  for (const { id, init } of declarations) {
    if (id.type === "Identifier" && init) scope.variables.set(id.name, init);
  }
}

function parameterNames(node) {
  return node.params.filter((each) => each.type === "Identifier").map((each) => each.name);
}
