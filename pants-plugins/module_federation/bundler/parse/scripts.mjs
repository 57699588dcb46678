/** The imports of JavaScript and TypeScript files. */
import { parseSync } from "oxc-parser";
import { Found } from "./found.mjs";
import { isIgnored, TreeWalker } from "./tree.mjs";

const DECLARATION = /\.d\.([a-z]+\.)?[cm]?ts$/;
const COMMONJS = /\.c[jt]s$/;
/** What may be `export {} from "x"`, which the parser's module record leaves out. */
const EMPTY_EXPORT = /\bexport\s*(?:type\b\s*)?(?:\/[*/][^{]{0,500})?\{\s*(?:\}|\/[*/][^}]{0,500}\})/;
const PRAGMA = /@jsx(?:ImportSource|Runtime)\b/;
/** What may be an element with its `key` behind a spread. */
const KEY_AFTER_SPREAD = /\.\.\.[\s\S]{0,500}\bkey\b/;

export function parseScript(path, text) {
  const found = new Found(text);
  const lang = language(path);
  const mayNeedTree = /\brequire\b/.test(text) || EMPTY_EXPORT.test(text) || PRAGMA.test(text);
  let parsed = null;
  let module = mayNeedTree || lang === "dts" ? null : moduleRecord(path, text, lang);
  if (module === null) {
    parsed = parseWhole(path, text, lang);
    ({ module } = parsed.result);
  }
  staticImports(module, text, found);
  const complete = dynamicImports(module, text, found);
  const jsx = usesJsx(path, text, lang);
  const needsTree =
    !complete ||
    /\brequire\b/.test(text) ||
    EMPTY_EXPORT.test(text) ||
    (module.importMetas.length > 0 && /\bURL\b|\bwebpackContext\b/.test(text)) ||
    (jsx && KEY_AFTER_SPREAD.test(text));
  let createsElement = false;
  if (needsTree) {
    parsed ??= parseWhole(path, text, lang);
    const walker = new TreeWalker(text, found, { skipDynamic: complete });
    walker.walk(parsed.result.program);
    ({ createsElement } = walker);
  }
  if (lang === "dts") for (const item of found.imports) item.kind = "type";
  return {
    error: firstError(parsed?.errors ?? [], found),
    imports: found.sorted(),
    jsx,
    ...(createsElement ? { jsxCreateElement: true } : {}),
    ...(parsed === null ? {} : jsxPragmas(text, parsed.result)),
  };
}

function language(path) {
  if (DECLARATION.test(path)) return "dts";
  if (path.endsWith(".tsx")) return "tsx";
  return /\.[cm]?ts$/.test(path) ? "ts" : "jsx";
}

function sourceTypeOf(path) {
  return COMMONJS.test(path) ? "commonjs" : "module";
}

function failures(result) {
  return result.errors.filter((error) => error.severity === "Error");
}

function firstError(errors, found) {
  if (errors.length === 0) return null;
  const [{ helpMessage, labels, message }] = errors;
  const { column, line } = found.positions.at(labels[0]?.start ?? 0);
  return { column, line, message: [message, helpMessage].filter(Boolean).join(" ") };
}

/**
 * Parses as a module or, for a `.js` file that only makes sense as one, as a CommonJS script (which
 * may return at the top level and use sloppy syntax). The errors shown are the module's.
 */
function parseWhole(path, text, lang) {
  const options = { lang, preserveParens: false };
  const sourceType = sourceTypeOf(path);
  const first = parseSync(path, text, { ...options, sourceType });
  const errors = failures(first);
  if (errors.length > 0 && lang === "jsx" && sourceType === "module") {
    const second = parseSync(path, text, { ...options, sourceType: "commonjs" });
    if (failures(second).length === 0) return { errors: [], result: second };
  }
  return { errors, result: first };
}

const WITNESS = "\nimport'';";
const STOP = "}";

/**
 * The module record of a file without errors, at half the price: most of a parse is the syntax tree
 * being written as JSON, which is left out when the parse ends in an error. So one is provoked behind
 * the text. Null when that tells nothing: the file may then have any errors, or none.
 *
 * The witness, an import, proves that the parser had come to the end of a statement at the top level,
 * and that the record is complete up to there. TypeScript's grammar lets an import also end an `if (a)`
 * that lacks its statement, hence the look at the last line: the text must really end in `;` or `}`.
 */
function moduleRecord(path, text, lang) {
  const end = text.trimEnd();
  if (!end.endsWith(";") && !end.endsWith("}")) return null;
  const lastLine = end.slice(Math.max(end.lastIndexOf("\n"), end.lastIndexOf("\r")) + 1);
  if (lastLine.includes("//") || lastLine.includes("*/") || COMMONJS.test(path)) return null;
  const result = parseSync(path, text + WITNESS + STOP, { lang, sourceType: "module" });
  const errors = failures(result);
  const stop = text.length + WITNESS.length;
  if (errors.length !== 1 || errors[0].labels[0]?.start !== stop) return null;
  const { module } = result;
  const staticImports = module.staticImports.filter((statement) => statement.start < text.length);
  if (staticImports.length !== module.staticImports.length - 1) return null;
  return { ...module, staticImports };
}

/**
 * Whether there is JSX. Every element ends in `/>` or begins its end with `</`, so most files are
 * decided by looking at the text; the rest are parsed again without JSX: it is then a syntax error.
 */
function usesJsx(path, text, lang) {
  if (lang !== "tsx" && lang !== "jsx") return false;
  if (!/<\s*\/|\/\s*>/.test(text)) return false;
  const plain = { lang: lang === "tsx" ? "ts" : "js", sourceType: sourceTypeOf(path) };
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
    if (!isIgnored(text.slice(start, moduleRequest.start))) plain.push([value, moduleRequest.start]);
  }
  for (const [value, start] of plain) found.add("dynamic", value, start);
  return true;
}

function jsxPragmas(text, result) {
  const pragmas = {};
  if (!PRAGMA.test(text)) return pragmas;
  for (const comment of result.comments) {
    const source = /@jsxImportSource\s+(\S+)/.exec(comment.value);
    const runtime = /@jsxRuntime\s+(classic|automatic)\b/.exec(comment.value);
    if (source) pragmas.jsxImportSource = source[1];
    if (runtime) pragmas.jsxRuntime = runtime[1];
  }
  return pragmas;
}
