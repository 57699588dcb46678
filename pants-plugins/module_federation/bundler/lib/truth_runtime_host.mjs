// What the bundle of a runtime host truly provides: the list that it publishes, read out of its code.
import { parseSync } from "oxc-parser";
import { describe, readFolder, toolVersions } from "./truth_files.mjs";
import { Factory, NotUnderstood, literal, walk } from "./truth_literals.mjs";
import { filesOf } from "./truth_sharing.mjs";

export { NotUnderstood };

const ITEM_KEYS = ["lib", "name", "shareConfig", "version"];
const SHARE_CONFIG_KEYS = ["eager", "requiredVersion", "singleton", "strictVersion"];

/**
 * As `readTruth` of `truth.mjs`, for a host whose application starts the runtime. Its remotes, name and
 * strategy are the application's to tell the runtime: the first two are those of its target.
 *
 * @param {import("webpack").Compilation} compilation Rspack's or webpack's
 * @param {object} request see `util_rules/bundle.py`, `bundle_options`
 * @param {string[]} tools the packages whose versions decide what is emitted
 * @throws {NotUnderstood} the code does not look as it was written
 */
export function readTruth(compilation, request, tools) {
  const contents = readFolder(request.outputDirectory);
  const chunks = new Map([...compilation.chunks].map((chunk) => [String(chunk.id), chunk]));
  const lists = [...compilation.entrypoints.values()]
    .flatMap((entry) => entry.getFiles())
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => publishedLists(file, contents.get(file).toString(), request.runtimeHost.global));
  if (lists.length !== 1) {
    throw new NotUnderstood(`there are ${lists.length} lists of shared modules, not one`);
  }
  return {
    version: 1,
    name: request.name,
    strategy: request.shareStrategy,
    scopes: ["default"],
    provides: provides(lists[0], chunks, request.runtimeHost.chunkNames),
    consumes: [],
    exposes: [],
    remotes: Object.entries(request.remotes).map(([alias, { name, entry }]) => ({
      alias,
      name,
      entry,
      scopes: ["default"],
      exposes: null,
    })),
    files: describe(contents),
    tools: toolVersions(tools),
  };
}

/** The values of all assignments `globalThis["<global>"] = {…}`. */
function publishedLists(file, text, global) {
  if (!text.includes(global)) return [];
  const { errors, program } = parseSync(file, text, { sourceType: "script", preserveParens: false });
  if (errors.length > 0) throw new NotUnderstood(`${file} is no script: ${errors[0].message}`);
  const lists = [];
  walk(program, ({ type, operator, left, right }) => {
    if (type !== "AssignmentExpression" || operator !== "=" || left.type !== "MemberExpression") return;
    if (left.computed && left.property.type === "Literal" && left.property.value === global) {
      lists.push(literal(right, `the list in ${file}`));
    }
  });
  return lists;
}

function provides({ items, version }, chunks, chunkNames) {
  const chunkFiles = new Map([...chunks].map(([id, { files }]) => [id, [...files]]));
  const names = new Set(Object.values(chunkNames));
  if (version !== "v1" || !Array.isArray(items)) throw new NotUnderstood("the list is not of version v1");
  return items.map((item) => {
    const where = `${item.name} in the list`;
    checkKeys(item, ITEM_KEYS, where);
    checkKeys(item.shareConfig, SHARE_CONFIG_KEYS, where);
    if (!(item.lib instanceof Factory)) throw new NotUnderstood(`${where} has no function that loads it`);
    const { eager, requiredVersion, singleton, strictVersion } = item.shareConfig;
    // What it takes to load the module, without the chunks of other shared modules.
    const own = item.lib.chunks.filter((id) => {
      const name = chunks.get(id)?.name;
      return !names.has(name) || name === chunkNames[item.name];
    });
    return {
      scope: "default",
      key: item.name,
      version: item.version,
      eager: Boolean(eager),
      singleton: Boolean(singleton),
      strict: strictVersion === undefined ? null : Boolean(strictVersion),
      required: typeof requiredVersion === "string" ? requiredVersion : false,
      chunks: filesOf(own.length > 0 ? own : item.lib.chunks, chunkFiles),
    };
  });
}

function checkKeys(value, known, where) {
  const unknown = Object.keys(value ?? {}).find((key) => !known.includes(key));
  if (unknown !== undefined || value === undefined) {
    throw new NotUnderstood(`${where} has ${unknown ? `a property \`${unknown}\`` : "no options"}`);
  }
}
