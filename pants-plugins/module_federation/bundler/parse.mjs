/**
 * Reads the imports of a batch of source files.
 *
 *     node parse.mjs <list.json> <out.json>
 *
 * `list.json` is an array of paths relative to the working directory. `out.json` is one JSON object
 * with sorted keys, the same for the same inputs wherever and whenever it runs:
 *
 *     {"version": 1, "files": {"src/App.tsx": {
 *        "error": null | {"message", "line", "column"},
 *        "imports": [{"column", "kind", "line", "specifier", "optional"?, "suffix"?}],
 *        "jsx": true, "jsxImportSource"?: "preact", "jsxRuntime"?: "classic"}}}
 *
 * Lines and columns count from 1, columns in UTF-16 code units; they point at the specifier.
 *
 * Kinds: `static`, `reexport`, `type` (nothing at run time), `dynamic`, `require` (also TypeScript's
 * `import x = require("y")`), `require-resolve`, `url` (`new URL("x", import.meta.url)`), `worker`,
 * `css-import` (also `composes` and `@value` of CSS modules), `css-url`, and `context`: a request with a
 * hole in it, whose `specifier` is the text before the first hole and `suffix` the text after the last.
 * `optional` marks a request inside `try`, which the bundler reports as a warning when it is not found.
 *
 * An import that TypeScript would drop because only types are used of it counts as `static`: without
 * looking into other files nobody can tell, and one edge too many does no harm.
 *
 * A file that cannot be read or parsed gets an `error` and whatever imports could still be seen; it
 * never stops the batch. Other files than JavaScript, TypeScript and CSS have no imports.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { TokenType, tokenize } from "@csstools/css-tokenizer";
import { parseSync, visitorKeys } from "oxc-parser";

const SCRIPT = /\.([cm]?[jt]s|[jt]sx)$/;
const DECLARATION = /\.d\.([a-z]+\.)?[cm]?ts$/;
const CSS = /\.css$/;
/** The bundler leaves a request alone that carries one of these comments. */
const IGNORE_COMMENT = /\/\*[^*]*\b(?:webpack|rspack)Ignore\s*:\s*true\b/;
/** What may be `export {} from "x"`, which the parser's module record leaves out. */
const EMPTY_EXPORT = /\bexport\s*(?:type\b\s*)?(?:\/[*/][^{]*)?\{(?:\s*|\s*\/[*/][^}]*)\}/;
const NOT_A_FILE = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#|$)/i;
const WORKERS = new Set(["Worker", "SharedWorker"]);

/**
 * How deep brackets may nest. The native parser overflows its stack, and takes the process with it,
 * at some thousands (more than 3,000 and less than 10,000 with 8 MB of stack); people stay below 100.
 */
const MAX_DEPTH = 2500;

function nestsTooDeeply(text) {
  // Shorter texts cannot hold so many pairs.
  if (text.length < 2 * MAX_DEPTH) return false;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case 0x28: // (
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > MAX_DEPTH) return true;
        break;
      case 0x29: // )
      case 0x5d: // ]
      case 0x7d: // }
        if (depth > 0) depth -= 1;
        break;
    }
  }
  return false;
}

/** Turns offsets into lines and columns. */
class Positions {
  constructor(text) {
    this.starts = [0];
    for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
      this.starts.push(match.index + match[0].length);
    }
  }

  at(offset) {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { column: offset - this.starts[low] + 1, line: low + 1 };
  }
}

/** Collects the imports of one file. */
class Found {
  constructor(text) {
    this.positions = new Positions(text);
    this.imports = [];
  }

  add(kind, specifier, offset, extra = {}) {
    this.imports.push({ ...this.positions.at(offset), ...extra, kind, specifier });
  }

  sorted() {
    const key = (found) => `${found.kind}\0${found.specifier}`;
    return this.imports.sort(
      (a, b) => a.line - b.line || a.column - b.column || (key(a) < key(b) ? -1 : 1),
    );
  }
}

function language(path) {
  if (DECLARATION.test(path)) return "dts";
  if (path.endsWith(".tsx")) return "tsx";
  return /\.[cm]?ts$/.test(path) ? "ts" : "jsx";
}

function failures(result) {
  return result.errors.filter((error) => error.severity === "Error");
}

/**
 * Parses as a module or, for a `.js` file that only makes sense as one, as a CommonJS script (which
 * may return at the top level and use sloppy syntax). The errors shown are the module's.
 */
function parseScript(path, text, lang) {
  const commonjs = /\.c[jt]s$/.test(path);
  const options = { lang, preserveParens: false };
  const first = parseSync(path, text, { ...options, sourceType: commonjs ? "commonjs" : "module" });
  const errors = failures(first);
  if (errors.length > 0 && lang === "jsx" && !commonjs) {
    const second = parseSync(path, text, { ...options, sourceType: "commonjs" });
    if (failures(second).length === 0) return { errors: [], result: second };
  }
  return { errors, result: first };
}

/**
 * Whether there is JSX. Every element ends in `/>` or `</`, so most files are decided by looking at
 * the text; the rest are parsed again without JSX, which is cheaper than building the tree in
 * JavaScript: JSX is then a syntax error.
 */
function usesJsx(path, text, lang, sourceType) {
  if (lang !== "tsx" && lang !== "jsx") return false;
  if (!/<\s*(?:\/\*[^]*?\*\/\s*)*\/|\/\s*>/.test(text)) return false;
  const plain = { lang: lang === "tsx" ? "ts" : "js", sourceType };
  return failures(parseSync(path, text, plain)).length > 0;
}

/** The value of a string without escapes, or null when the tree has to be asked. */
function plainString(source) {
  const quote = source[0];
  if (quote !== '"' && quote !== "'" && quote !== "`") return null;
  const inner = source.slice(1, -1);
  if (source.at(-1) !== quote || inner.includes("\\") || inner.includes(quote)) return null;
  return quote === "`" && inner.includes("${") ? null : inner;
}

/** What a request expression can be: `{ prefix, suffix, exact }` for each alternative. */
function evaluate(node) {
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

function isImportMetaUrl(node) {
  return (
    node?.type === "MemberExpression" &&
    !node.computed &&
    node.object.type === "MetaProperty" &&
    node.property.name === "url"
  );
}

function memberPath(node) {
  if (node?.type === "Identifier") return node.name;
  if (node?.type === "MetaProperty") return `${node.meta.name}.${node.property.name}`;
  if (node?.type !== "MemberExpression" || node.computed) return "";
  const object = memberPath(node.object);
  return object && `${object}.${node.property.name}`;
}

function declares(pattern, name) {
  if (pattern === null || typeof pattern !== "object") return false;
  if (pattern.type === "Identifier") return pattern.name === name;
  if (pattern.type === "Property") return declares(pattern.value, name);
  if (pattern.type === "AssignmentPattern") return declares(pattern.left, name);
  if (pattern.type === "RestElement") return declares(pattern.argument, name);
  return (pattern.properties ?? pattern.elements ?? []).some((child) => declares(child, name));
}

/** Finds what only the syntax tree tells. */
class TreeWalker {
  constructor(text, found) {
    this.text = text;
    this.found = found;
    this.inTry = false;
    this.ownRequire = 0;
    this.handled = new Set();
  }

  ignored(from, to) {
    return IGNORE_COMMENT.test(this.text.slice(from, to));
  }

  request(kind, node) {
    const extra = this.inTry && !["url", "worker"].includes(kind) ? { optional: true } : {};
    for (const value of evaluate(node)) {
      if (value.exact) this.found.add(kind, value.prefix, value.start, extra);
      else if (value.prefix !== "" && (kind === "dynamic" || kind === "require")) {
        this.found.add("context", value.prefix, value.start, { ...extra, suffix: value.suffix });
      }
    }
  }

  visit(node) {
    switch (node.type) {
      case "ImportExpression":
        if (!this.ignored(node.start, node.source.start)) this.request("dynamic", node.source);
        break;
      case "CallExpression":
        this.call(node);
        break;
      case "NewExpression":
        this.construct(node);
        break;
      case "TSImportEqualsDeclaration":
        if (node.moduleReference.type === "TSExternalModuleReference") {
          const kind = node.importKind === "type" ? "type" : "require";
          this.request(kind, node.moduleReference.expression);
        }
        break;
      case "ExportNamedDeclaration":
        // The module record leaves out `export {} from "x"`, which still runs "x".
        if (node.source && node.specifiers.length === 0) {
          const kind = node.exportKind === "type" ? "type" : "reexport";
          this.found.add(kind, node.source.value, node.source.start);
        }
        break;
      case "TSModuleDeclaration":
        // `declare module "x" { … }` describes another module and imports nothing at run time.
        if (node.declare) return;
        break;
      case "TryStatement":
        return this.attempt(node);
    }
    if (node.params && node.body) this.enterFunction(node);
    else this.children(node);
  }

  children(node) {
    for (const key of visitorKeys[node.type] ?? []) {
      const child = node[key];
      if (Array.isArray(child)) {
        for (const item of child) if (item) this.visit(item);
      } else if (child) this.visit(child);
    }
  }

  enterFunction(node) {
    const { inTry } = this;
    const parameters = Array.isArray(node.params) ? node.params : [];
    const own = parameters.some((parameter) => declares(parameter, "require")) ? 1 : 0;
    this.inTry = false;
    this.ownRequire += own;
    this.children(node);
    this.ownRequire -= own;
    this.inTry = inTry;
  }

  attempt(node) {
    const { inTry } = this;
    this.inTry = true;
    this.visit(node.block);
    this.inTry = inTry;
    if (node.handler) this.visit(node.handler);
    if (node.finalizer) this.visit(node.finalizer);
  }

  call(node) {
    const name = memberPath(node.callee);
    const [first] = node.arguments;
    if (name === "navigator.serviceWorker.register") this.worker(node);
    if (name === "import.meta.webpackContext") this.directory(first);
    if (this.ownRequire > 0) return;
    if (name === "require" && node.arguments.length === 1) this.request("require", first);
    if (name === "require.resolve") this.request("require-resolve", first);
    if (name === "require.context") this.directory(first);
  }

  /** A whole folder: which of its files are meant is a regular expression, so all are. */
  directory(node) {
    for (const value of evaluate(node)) {
      if (!value.exact) continue;
      const prefix = value.prefix.endsWith("/") ? value.prefix : `${value.prefix}/`;
      this.found.add("context", prefix, value.start, { suffix: "" });
    }
  }

  construct(node) {
    const name = memberPath(node.callee);
    if (WORKERS.has(name)) this.worker(node);
    if (name === "URL" && !this.handled.has(node)) this.url(node, "url");
  }

  worker(node) {
    const [first] = node.arguments;
    if (first?.type !== "NewExpression" || memberPath(first.callee) !== "URL") return;
    this.handled.add(first);
    if (!this.ignored(node.start, first.start)) this.url(first, "worker");
  }

  url(node, kind) {
    const [request, base] = node.arguments;
    if (node.arguments.length !== 2 || !isImportMetaUrl(base)) return;
    if (!this.ignored(node.start, request.start)) this.request(kind, request);
  }
}

/** Whether the file declares a `require` of its own, such as `createRequire(import.meta.url)`. */
function declaresRequire(program) {
  return program.body.some((statement) => {
    const node = statement.declaration ?? statement;
    if (node.type === "FunctionDeclaration") return node.id?.name === "require";
    if (node.type === "ImportDeclaration") {
      return node.specifiers.some((specifier) => specifier.local.name === "require");
    }
    return (node.declarations ?? []).some((item) => declares(item.id, "require"));
  });
}

function staticImports(module, text, found) {
  for (const statement of module.staticImports) {
    const { start, value } = statement.moduleRequest;
    const isType =
      statement.entries.length > 0
        ? statement.entries.every((entry) => entry.isType)
        : /^import\s+type\b/.test(text.slice(statement.start, start));
    found.add(isType ? "type" : "static", value, start);
  }
  for (const statement of module.staticExports) {
    const entries = statement.entries.filter((entry) => entry.moduleRequest);
    if (entries.length === 0) continue;
    const { start, value } = entries[0].moduleRequest;
    found.add(entries.every((entry) => entry.isType) ? "type" : "reexport", value, start);
  }
}

/** Reads the dynamic imports from the module record; false when the tree is needed for them. */
function dynamicImports(module, text, found) {
  if (module.dynamicImports.length > 0 && /\btry\b/.test(text)) return false;
  const plain = [];
  for (const { start, moduleRequest } of module.dynamicImports) {
    const value = plainString(text.slice(moduleRequest.start, moduleRequest.end));
    if (value === null) return false;
    if (!IGNORE_COMMENT.test(text.slice(start, moduleRequest.start))) {
      plain.push([value, moduleRequest.start]);
    }
  }
  for (const [value, start] of plain) found.add("dynamic", value, start);
  return true;
}

function jsxPragmas(text, result) {
  const pragmas = {};
  if (!/@jsx(?:ImportSource|Runtime)\b/.test(text)) return pragmas;
  for (const comment of result.comments) {
    const source = /@jsxImportSource\s+(\S+)/.exec(comment.value);
    const runtime = /@jsxRuntime\s+(classic|automatic)\b/.exec(comment.value);
    if (source) pragmas.jsxImportSource = source[1];
    if (runtime) pragmas.jsxRuntime = runtime[1];
  }
  return pragmas;
}

function parseScriptFile(path, text) {
  const found = new Found(text);
  const lang = language(path);
  const { errors, result } = parseScript(path, text, lang);
  const { module } = result;
  staticImports(module, text, found);
  const complete = dynamicImports(module, text, found);
  const needsTree =
    !complete ||
    /\brequire\b/.test(text) ||
    EMPTY_EXPORT.test(text) ||
    (module.importMetas.length > 0 && /\bURL\b|\bwebpackContext\b/.test(text));
  if (needsTree) {
    const walker = new TreeWalker(text, found);
    if (complete) walker.request = withoutDynamic(walker);
    if (declaresRequire(result.program)) walker.ownRequire = 1;
    walker.visit(result.program);
  }
  if (lang === "dts") for (const item of found.imports) item.kind = "type";
  const sourceType = /\.c[jt]s$/.test(path) ? "commonjs" : "module";
  const answer = {
    error: null,
    imports: found.sorted(),
    jsx: usesJsx(path, text, lang, sourceType),
    ...jsxPragmas(text, result),
  };
  if (errors.length === 0) return answer;
  const [{ helpMessage, labels, message }] = errors;
  const position = found.positions.at(labels[0]?.start ?? 0);
  return { ...answer, error: { message: [message, helpMessage].filter(Boolean).join(" "), ...position } };
}

/** The dynamic imports are known from the module record already. */
function withoutDynamic(walker) {
  return (kind, node) => {
    if (kind !== "dynamic") TreeWalker.prototype.request.call(walker, kind, node);
  };
}

/** Walks over CSS tokens, white space and comments left out. */
function parseCssFile(path, text) {
  const found = new Found(text);
  const tokens = tokenize({ css: text }).filter(
    ([type]) => type !== TokenType.Whitespace && type !== TokenType.Comment,
  );
  const isModule = /\.module\.css$/.test(path);
  const functions = [];
  let rule = "";
  let composes = false;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    const [type, , start, , data] = token;
    const previous = tokens[index - 1];
    const value = () => data.value.trim();
    const add = (kind) => {
      if (!NOT_A_FILE.test(value())) found.add(kind, value(), start);
    };
    const inside = functions.at(-1);
    if (type === TokenType.AtKeyword) {
      rule = data.value.toLowerCase();
    } else if (type === TokenType.Semicolon || type === TokenType.OpenCurly || type === TokenType.CloseCurly) {
      rule = "";
      composes = false;
      functions.length = 0;
    } else if (type === TokenType.Function) {
      functions.push(data.value.toLowerCase());
    } else if (type === TokenType.OpenParen) {
      functions.push("");
    } else if (type === TokenType.CloseParen) {
      functions.pop();
    } else if (type === TokenType.Ident && isModule && /^composes(?:-with)?$/i.test(data.value)) {
      composes = composes || tokens[index + 1]?.[0] === TokenType.Colon;
    } else if (type === TokenType.URL) {
      if (rule === "import") add("css-import");
      else if (rule !== "namespace") add("css-url");
    } else if (type === TokenType.String) {
      const afterFrom = previous?.[0] === TokenType.Ident && previous[4].value === "from";
      const opensImport = previous?.[0] === TokenType.AtKeyword || inside === "url";
      if (rule === "import") {
        if (opensImport) add("css-import");
      } else if (rule === "namespace") {
        continue;
      } else if ((composes || (isModule && rule === "value")) && afterFrom) {
        add("css-import");
      } else if (isModule && inside === "import" && functions.length === 1) {
        add("css-import");
      } else if (inside === "url" || inside === "src" || /^(?:-webkit-)?image-set$/.test(inside ?? "")) {
        add("css-url");
      }
    }
  }
  return { error: null, imports: found.sorted(), jsx: false };
}

function parseFile(path) {
  const nothing = { error: null, imports: [], jsx: false };
  if (!SCRIPT.test(path) && !CSS.test(path)) return nothing;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    if (nestsTooDeeply(text)) throw new Error("The brackets in this file are nested too deeply.");
    return CSS.test(path) ? parseCssFile(path, text) : parseScriptFile(path, text);
  } catch (error) {
    const message =
      error.code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "The file is not valid UTF-8." : error.message;
    return { ...nothing, error: { column: 1, line: 1, message } };
  }
}

/** Sorts the keys of every object, so that equal answers are equal bytes. */
function sortKeys(key, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const [listPath, outPath] = process.argv.slice(2);
const paths = JSON.parse(readFileSync(listPath, "utf8"));
const files = Object.fromEntries(paths.map((path) => [path, parseFile(path)]));
writeFileSync(outPath, JSON.stringify({ files, version: 1 }, sortKeys));
