/** What an expression in the syntax tree says: the request it makes, the name it is. */

/** What a request expression can be: `{ prefix, suffix, exact, start }` for each alternative. */
export function evaluate(node) {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? [exactly(node.value, node.start)] : [];
    case "TemplateLiteral": {
      const parts = node.quasis.map((quasi) => quasi.value.cooked ?? "");
      if (parts.length === 1) return [exactly(parts[0], node.start)];
      return [{ exact: false, prefix: parts[0], start: node.start, suffix: parts.at(-1) }];
    }
    case "BinaryExpression":
      return node.operator === "+" ? concatenate(node) : [];
    case "ConditionalExpression":
      return [...evaluate(node.consequent), ...evaluate(node.alternate)];
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
      return evaluate(node.expression);
    default:
      return [];
  }
}

function exactly(value, start) {
  return { exact: true, prefix: value, start, suffix: "" };
}

function concatenate(node) {
  const hole = { exact: false, prefix: "", start: node.start, suffix: "" };
  const left = evaluate(node.left)[0] ?? hole;
  const right = evaluate(node.right)[0] ?? hole;
  if (left.exact && right.exact) return [exactly(left.prefix + right.prefix, left.start)];
  return [
    {
      exact: false,
      prefix: left.exact ? left.prefix + right.prefix : left.prefix,
      start: left.start,
      suffix: right.exact ? left.suffix + right.prefix : right.suffix,
    },
  ];
}

export function isImportMetaUrl(node) {
  return memberPath(node) === "import.meta.url";
}

/** `a.b.c` as text; empty for anything else than plain names. */
export function memberPath(node) {
  if (node?.type === "Identifier") return node.name;
  if (node?.type === "MetaProperty") return `${node.meta.name}.${node.property.name}`;
  if (node?.type !== "MemberExpression" || node.computed) return "";
  const object = memberPath(node.object);
  return object && `${object}.${node.property.name}`;
}

/** Whether a parameter or the left side of a declaration binds `name`. */
export function declares(pattern, name) {
  if (pattern === null || typeof pattern !== "object") return false;
  if (pattern.type === "Identifier") return pattern.name === name;
  if (pattern.type === "Property") return declares(pattern.value, name);
  if (pattern.type === "AssignmentPattern") return declares(pattern.left, name);
  if (pattern.type === "RestElement") return declares(pattern.argument, name);
  return (pattern.properties ?? pattern.elements ?? []).some((child) => declares(child, name));
}
