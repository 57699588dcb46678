/** What stands behind the exported names of one file. */
import { parseSync } from "oxc-parser";

/** Deeper than people write, and far from the end of the stack. */
const MAX_DEPTH = 30;
const PLAIN = new Map([
  ["ArrayExpression", "a list"],
  ["ClassDeclaration", "a class"],
  ["ClassExpression", "a class"],
  ["JSXElement", "an element"],
  ["JSXFragment", "an element"],
  ["Literal", "a literal"],
  ["TemplateLiteral", "a text"],
  ["TSEnumDeclaration", "an enum"],
]);
const WRAPPERS = new Set([
  "ParenthesizedExpression",
  "TSAsExpression",
  "TSInstantiationExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
]);
const FUNCTIONS = new Set(["ArrowFunctionExpression", "FunctionDeclaration", "FunctionExpression"]);
const TYPES = new Set(["TSInterfaceDeclaration", "TSTypeAliasDeclaration"]);

/** See `exports.mjs` for the answer. */
export function readExports(path, text) {
  const { errors, program } = parseSync(path, text, { preserveParens: false, sourceType: "module" });
  const fatal = errors.find((error) => error.severity === "Error");
  if (fatal) return { error: fatal.message, exports: {}, stars: [] };
  const bindings = topLevelBindings(program);
  const names = new Map();
  const stars = [];
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration") {
      if (!TYPES.has(statement.declaration.type)) {
        names.set("default", define(statement.declaration, bindings, 0));
      }
    } else if (statement.type === "ExportAllDeclaration" && statement.exportKind !== "type") {
      if (statement.exported === null) stars.push(statement.source.value);
      else names.set(nameOf(statement.exported), imported(statement.source, "*"));
    } else if (statement.type === "ExportNamedDeclaration" && statement.exportKind !== "type") {
      exportNamed(statement, bindings, names);
    } else if (statement.type === "TSExportAssignment" || assignsModuleExports(statement)) {
      names.set("default", unknown("a CommonJS module"));
    }
  }
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
  return { error: null, exports: Object.fromEntries(sorted), stars };
}

function exportNamed(statement, bindings, names) {
  for (const name of declaredNames(statement.declaration)) {
    names.set(name, define({ type: "Identifier", name }, bindings, 0));
  }
  for (const specifier of statement.specifiers) {
    if (specifier.exportKind === "type") continue;
    const local = nameOf(specifier.local);
    const definition = statement.source
      ? imported(statement.source, local)
      : define({ type: "Identifier", name: local }, bindings, 0);
    names.set(nameOf(specifier.exported), definition);
  }
}

/** Name → `{imported}`, or the `node` that gives it its value. */
function topLevelBindings(program) {
  const bindings = new Map();
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration") {
      for (const specifier of statement.specifiers) {
        bindings.set(specifier.local.name, { imported: imported(statement.source, importedName(specifier)) });
      }
      continue;
    }
    const declaration = statement.declaration ?? statement;
    if (declaration.type === "VariableDeclaration") {
      for (const { id, init } of declaration.declarations) {
        if (id.type === "Identifier") bindings.set(id.name, { node: init });
      }
    } else if (declaration.id?.type === "Identifier" && !TYPES.has(declaration.type)) {
      bindings.set(declaration.id.name, { node: declaration });
    }
  }
  return bindings;
}

function importedName(specifier) {
  if (specifier.type === "ImportDefaultSpecifier") return "default";
  return specifier.type === "ImportNamespaceSpecifier" ? "*" : nameOf(specifier.imported);
}

function declaredNames(declaration) {
  if (!declaration || TYPES.has(declaration.type) || declaration.declare) return [];
  if (declaration.type === "VariableDeclaration") {
    return declaration.declarations.map(({ id }) => id.name).filter(Boolean);
  }
  return declaration.id ? [declaration.id.name] : [];
}

function define(node, bindings, depth) {
  if (!node) return unknown("a variable without a value");
  if (depth > MAX_DEPTH) return unknown("an expression that is too deep");
  const inner = (child) => define(child, bindings, depth + 1);
  if (WRAPPERS.has(node.type)) return inner(node.expression);
  if (PLAIN.has(node.type)) return { is: "value", what: PLAIN.get(node.type) };
  if (FUNCTIONS.has(node.type)) return { is: "function", returns: returned(node, bindings, depth) };
  switch (node.type) {
    case "Identifier": {
      const binding = bindings.get(node.name);
      if (!binding) return unknown(`\`${node.name}\``);
      return binding.imported ?? inner(binding.node);
    }
    case "CallExpression":
      return { is: "call", callee: inner(node.callee) };
    case "MemberExpression":
      if (node.computed) return unknown("a computed property");
      return { is: "member", object: inner(node.object), name: node.property.name };
    case "ObjectExpression":
      return objectLiteral(node);
    default:
      return unknown(WORDS[node.type] ?? "an expression");
  }
}

const WORDS = {
  AwaitExpression: "an `await`",
  ConditionalExpression: "a conditional expression",
  LogicalExpression: "a conditional expression",
  NewExpression: "a `new` expression",
};

/** What a function returns, where that is one expression at its own level. */
function returned(node, bindings, depth) {
  if (node.async || node.generator || !node.body) return null;
  if (node.body.type !== "BlockStatement" && node.body.type !== "FunctionBody") {
    return define(node.body, withoutParameters(node, bindings), depth + 1);
  }
  const statements = node.body.body ?? node.body.statements ?? [];
  const last = statements.at(-1);
  if (last?.type !== "ReturnStatement") return null;
  // Another way out needs a statement that branches.
  const straight = statements.slice(0, -1).every((statement) => statement.type === "VariableDeclaration");
  if (!straight) return null;
  const own = withoutParameters(node, bindings);
  for (const { declarations } of statements.slice(0, -1)) {
    for (const { id, init } of declarations) own.set(id.name, { node: init });
  }
  return define(last.argument, own, depth + 1);
}

/** Parameters hide what has their names outside; of them nothing is known. */
function withoutParameters(node, bindings) {
  const own = new Map(bindings);
  const parameters = Array.isArray(node.params) ? node.params : (node.params?.items ?? []);
  for (const name of parameters.flatMap(boundNames)) own.delete(name);
  return own;
}

function boundNames(pattern) {
  if (pattern === null || typeof pattern !== "object") return [];
  if (pattern.type === "Identifier") return [pattern.name];
  const inner = [pattern.pattern, pattern.left, pattern.argument, pattern.value, pattern.parameter];
  return [...inner, ...(pattern.properties ?? []), ...(pattern.elements ?? [])]
    .filter(Boolean)
    .flatMap(boundNames);
}

function objectLiteral(node) {
  let type = null;
  let open = false;
  for (const property of node.properties) {
    if (property.type !== "Property" || property.computed) open = true;
    else if ((property.key.name ?? property.key.value) === "$$type") {
      if (property.value.type === "Literal") type = String(property.value.value);
      else open = true;
    }
  }
  return { is: "object", open, type };
}

function assignsModuleExports(statement) {
  const assignment = statement.type === "ExpressionStatement" && statement.expression;
  if (!assignment || assignment.type !== "AssignmentExpression") return false;
  const { left } = assignment;
  return left.type === "MemberExpression" && left.object.name === "module" && left.property.name === "exports";
}

function nameOf(node) {
  return node.name ?? node.value;
}

function imported(source, name) {
  return { is: "import", from: source.value, name };
}

function unknown(what) {
  return { is: "unknown", what };
}
