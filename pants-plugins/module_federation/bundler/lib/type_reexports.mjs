// With webpack, `export { SomeType } from "./types"` is an error: the compiler sees one file at a time and
// can't know that `SomeType` is a type. Rspack asks its compiler for the types of the other file
// (`collectTypeScriptInfo`); here that file is read when there is such an error, and only then.
import { readFileSync } from "node:fs";
import { parseSync } from "oxc-parser";

const TYPESCRIPT = /\.(?:[cm]?ts|tsx)$/;
const TYPES = new Set(["TSInterfaceDeclaration", "TSTypeAliasDeclaration"]);
// `HarmonyExportImportedSpecifierDependency` of webpack 5.111.1
const NOT_FOUND = /^export '([^']+)' \(reexported as '[^']+'\) was not found in '([^']+)'/;

/** Takes back the errors about exports that are types. */
export class TypeReexportsPlugin {
  apply(compiler) {
    compiler.hooks.thisCompilation.tap("TypeReexportsPlugin", (compilation) => {
      const isOther = (error) => !isAboutType(error, compilation.moduleGraph);
      // All errors of linking are known by then, and none has stopped anything yet.
      compilation.hooks.seal.tap("TypeReexportsPlugin", () => {
        compilation.errors = compilation.errors.filter(isOther);
        compilation.warnings = compilation.warnings.filter(isOther);
      });
    });
  }
}

function isAboutType({ error, module }, moduleGraph) {
  const [, name, request] = NOT_FOUND.exec(error?.message ?? "") ?? [];
  if (!name || !module) return false;
  return follow(module, request, name, moduleGraph, new Set());
}

/** Whether the module that `module` imports as `request` exports a type of that name. */
function follow(module, request, name, moduleGraph, seen) {
  const dependency = module.dependencies.find((each) => each.request === request);
  const target = dependency && moduleGraph.getModule(dependency);
  const place = JSON.stringify([target?.resource, name]);
  if (!target || !TYPESCRIPT.test(target.resource) || seen.has(place)) return false;
  seen.add(place);
  const { program } = parseSync(target.resource, readFileSync(target.resource, "utf8"));
  const onwards = (source, exported) => follow(target, source.value, exported, moduleGraph, seen);
  return program.body.some((node) => {
    if (node.type === "ExportAllDeclaration") return !node.exported && onwards(node.source, name);
    if (node.type !== "ExportNamedDeclaration") return false;
    if (node.declaration) return declaresType(node.declaration, name);
    return node.specifiers
      .filter(({ exported }) => nameOf(exported) === name)
      .some(({ local, exportKind }) => {
        if (node.exportKind === "type" || exportKind === "type") return true;
        if (node.source) return onwards(node.source, nameOf(local));
        return isLocalType(program, nameOf(local), onwards);
      });
  });
}

/** Whether a name that a file exports is a type that it declares or imports. */
function isLocalType(program, name, onwards) {
  return program.body.some((node) => {
    if (node.type !== "ImportDeclaration") return declaresType(node, name);
    return node.specifiers
      .filter((each) => each.type === "ImportSpecifier" && each.local.name === name)
      .some(
        ({ imported, importKind }) =>
          node.importKind === "type" || importKind === "type" || onwards(node.source, nameOf(imported)),
      );
  });
}

function declaresType(node, name) {
  return TYPES.has(node.type) && node.id.name === name;
}

/** `a` and `"a"` in `export { a as "a" }`. */
function nameOf(node) {
  return node.type === "Literal" ? node.value : node.name;
}
