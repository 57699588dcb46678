// What an expression in emitted code says, without running it.
import { visitorKeys } from "oxc-parser";

/** Emitted code that does not look as the bundler is known to write it. */
export class NotUnderstood extends Error {}

/**
 * The code that loads a module: the ids of the chunks that it takes, and of the module. `throws` says that
 * it loads none, but says so when it is called.
 */
export class Factory {
  constructor(chunks, module, throws = false) {
    this.chunks = chunks;
    this.module = module;
    this.throws = throws;
  }
}

/**
 * The value of a literal, in the forms that the bundler and its minifier write: objects, arrays,
 * texts, numbers, `!0`, `void 0`, and functions that load a module, as `Factory`.
 *
 * @param {object} node an ESTree expression
 * @param {string} where for messages
 */
export function literal(node, where) {
  switch (node.type) {
    case "Literal":
      if (node.regex || node.bigint) break;
      return node.value;
    case "TemplateLiteral":
      if (node.expressions.length > 0) break;
      return node.quasis[0].value.cooked;
    case "Identifier":
      if (node.name !== "undefined") break;
      return undefined;
    case "UnaryExpression": {
      const value = literal(node.argument, where);
      if (node.operator === "!") return !value;
      if (node.operator === "void") return undefined;
      if (node.operator === "-" && typeof value === "number") return -value;
      break;
    }
    case "ArrayExpression":
      return node.elements.map((element, place) => {
        if (element === null) throw new NotUnderstood(`${where} has a hole at ${place}`);
        return literal(element, `${where}[${place}]`);
      });
    case "ObjectExpression":
      return Object.fromEntries(
        node.properties.map((property) => {
          const key = propertyKey(property);
          if (key === null) throw new NotUnderstood(`${where} has a computed or spread property`);
          return [key, literal(property.value, `${where}.${key}`)];
        }),
      );
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return factory(node);
  }
  throw new NotUnderstood(`${where} is a ${node.type}, not a plain value`);
}

/** The name of an object's property; null for one that only running the code would tell. */
export function propertyKey(property) {
  if (property.type !== "Property" || property.computed) return null;
  return String(property.key.type === "Identifier" ? property.key.name : property.key.value);
}

/** `walk` calls `visit` for a node and all below it. */
export function walk(node, visit) {
  visit(node);
  for (const key of visitorKeys[node.type] ?? []) {
    const child = node[key];
    if (Array.isArray(child)) {
      for (const item of child) if (item) walk(item, visit);
    } else if (child) walk(child, visit);
  }
}

/** The chunks that `require.e(id)` loads somewhere below a node, and the modules of `require(id)`. */
export function loads(node) {
  const chunks = new Set();
  const modules = new Set();
  walk(node, (each) => {
    if (each.type !== "CallExpression") return;
    const [id] = each.arguments;
    if (id?.type !== "Literal") return;
    if (each.callee.type === "Identifier") modules.add(String(id.value));
    else if (memberName(each.callee) === "e") chunks.add(String(id.value));
  });
  return { chunks: [...chunks], modules: [...modules] };
}

/** `name` in `object.name`; null for any other expression. */
export function memberName(node) {
  return node.type === "MemberExpression" && !node.computed ? node.property.name : null;
}

/** `() => Promise.all([require.e(1), require.e(2)]).then(() => () => require(20))`, or without chunks. */
function factory(node) {
  if (onlyThrows(node)) return new Factory([], null, true);
  const { chunks, modules } = loads(node);
  return new Factory(chunks, modules.length === 1 ? modules[0] : null);
}

/** `() => () => { throw … }` */
function onlyThrows({ body }) {
  if (body.type === "ArrowFunctionExpression") return onlyThrows(body);
  return body.type === "BlockStatement" && body.body.length === 1 && body.body[0].type === "ThrowStatement";
}
