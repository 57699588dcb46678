/** The imports that only the syntax tree tells: `require`, `new URL`, workers, requests with holes. */
import { visitorKeys } from "oxc-parser";
import { declares, evaluate, isImportMetaUrl, memberPath } from "./expressions.mjs";

/** The bundler leaves a request alone that carries one of these comments. */
const IGNORE_COMMENT = /\/\*[^*]*\b(?:webpack|rspack)Ignore\s*:\s*true\b/;
const WORKERS = new Set(["Worker", "SharedWorker"]);

/** Whether the text between an `import(` and its request tells the bundler to leave it alone. */
export function isIgnored(text) {
  return IGNORE_COMMENT.test(text);
}

/**
 * Walks through a syntax tree and adds what it finds to `found`. `skipDynamic` leaves out requests of
 * `import()`, which are known already. Afterwards `createsElement` tells whether an element has its
 * `key` behind a spread, which the compiler turns into a call of `createElement`.
 */
export class TreeWalker {
  constructor(text, found, { skipDynamic }) {
    this.text = text;
    this.found = found;
    this.skipDynamic = skipDynamic;
    this.createsElement = false;
    this.inTry = false;
    this.ownRequire = 0;
    this.handled = new Set();
  }

  walk(program) {
    if (declaresRequire(program)) this.ownRequire = 1;
    this.visit(program);
  }

  ignored(from, to) {
    return isIgnored(this.text.slice(from, to));
  }

  request(kind, node) {
    if (this.skipDynamic && kind === "dynamic") return;
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
      case "JSXOpeningElement":
        this.createsElement ||= hasKeyAfterSpread(node.attributes);
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

/** Source: `@babel/plugin-transform-react-jsx`, which SWC and the bundler follow. */
function hasKeyAfterSpread(attributes) {
  const spread = attributes.findIndex((attribute) => attribute.type === "JSXSpreadAttribute");
  return spread >= 0 && attributes.slice(spread).some((attribute) => attribute.name?.name === "key");
}
