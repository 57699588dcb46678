// From the data in an entry's code to what the container provides, asks for, exposes and loads.
import { Factory, NotUnderstood } from "./truth_literals.mjs";

const PROVIDE_KEYS = [
  "eager",
  "factory",
  "name",
  "requiredVersion",
  "singleton",
  "strictVersion",
  "treeShakingMode",
  "version",
];
const CONSUME_KEYS = [
  "eager",
  "fallback",
  "import",
  "requiredVersion",
  "shareKey",
  "shareScope",
  "singleton",
  "strictVersion",
  "treeShakingMode",
];

/**
 * @param {{data: object, options: object, startChunks: string[]}} entry see `readRspackEntry`
 * @param {Map<string, string[]>} chunkFiles chunk id → names of its files
 * @returns the part of the truth that this entry tells; see `truth.mjs`
 */
export function readSharing({ data, options, startChunks }, chunkFiles) {
  const provided = provides(data.initializeSharingData);
  const exposed = Object.entries(data.initializeExposesData?.moduleMap ?? {});
  for (const [name, value] of exposed) {
    if (!(value instanceof Factory)) throw new NotUnderstood(`the expose ${name} is no function`);
  }
  const atStart = [...startChunks, ...exposed.flatMap(([, { chunks }]) => chunks)];
  const files = (chunks) => filesOf(chunks, chunkFiles);
  return {
    name: options.name,
    strategy: options.shareStrategy,
    scopes: names(data.initializeExposesData?.shareScope ?? "default"),
    provides: provided.map(({ factory, ...provide }) => ({ ...provide, chunks: files(factory.chunks) })),
    consumes: consumes(data.consumesLoadingData, provided, atStart),
    exposes: exposed.map(([name, { chunks }]) => ({ name, ...byKind(files(chunks)) })),
    remotes: remotes(options.remoteInfos, data.remotesLoadingData),
  };
}

function provides(sharing) {
  return Object.entries(sharing?.scopeToSharingDataMapping ?? {}).flatMap(([scope, entries]) =>
    entries
      // The others are ids of modules that stand for remotes.
      .filter((entry) => typeof entry === "object")
      .map((entry) => {
        const where = `what is provided as ${entry.name}`;
        checkKeys(entry, PROVIDE_KEYS, where);
        if (!(entry.factory instanceof Factory) || entry.factory.module === null) {
          throw new NotUnderstood(`${where} has no function that loads one module`);
        }
        return {
          scope,
          key: entry.name,
          version: typeof entry.version === "string" ? entry.version : null,
          eager: Boolean(entry.eager),
          singleton: flag(entry.singleton),
          strict: flag(entry.strictVersion),
          required: range(entry.requiredVersion),
          factory: entry.factory,
        };
      }),
  );
}

function consumes(loading, provided, startChunks) {
  if (loading === undefined) return [];
  const { chunkMapping = {}, initialConsumes = [], moduleIdToConsumeDataMapping = {} } = loading;
  const initial = new Set(initialConsumes.map(String));
  const atStart = new Set(startChunks.flatMap((chunk) => chunkMapping[chunk] ?? []).map(String));
  return Object.entries(moduleIdToConsumeDataMapping).map(([id, entry]) => {
    checkKeys(entry, CONSUME_KEYS, `the request for ${entry.shareKey}`);
    return {
      scopes: names(entry.shareScope),
      key: entry.shareKey,
      required: range(entry.requiredVersion),
      singleton: flag(entry.singleton),
      strict: flag(entry.strictVersion),
      eager: flag(entry.eager),
      fallback: fallback(entry, provided),
      initial: initial.has(id),
      atStart: initial.has(id) || atStart.has(id),
    };
  });
}

/**
 * The version of the copy that is loaded when nobody else's fits: of the provide with that module. A
 * copy without a version is provided by nobody, or as what the runtime calls "0".
 */
function fallback(entry, provided) {
  if (entry.fallback === undefined || entry.fallback === null) return null;
  const where = `the request for ${entry.shareKey}`;
  if (!(entry.fallback instanceof Factory) || entry.fallback.module === null) {
    throw new NotUnderstood(`${where} has a fallback that does not load one module`);
  }
  const same = provided.filter(({ factory }) => factory.module === entry.fallback.module);
  const versions = new Set(same.map(({ version }) => version));
  if (versions.size > 1) {
    throw new NotUnderstood(
      `${where} falls back on module ${entry.fallback.module}, which is provided in ${versions.size} versions`,
    );
  }
  const [version] = versions;
  return version ?? "0";
}

function remotes(infos, loading) {
  const exposes = new Map();
  for (const { name, remoteName } of Object.values(loading?.moduleIdToRemoteDataMapping ?? {})) {
    exposes.set(remoteName, [...(exposes.get(remoteName) ?? []), name]);
  }
  const found = Object.entries(infos ?? {}).flatMap(([key, containers]) =>
    containers.map(({ alias, name, entry, externalType, shareScope }) => {
      if (externalType !== "script") {
        throw new NotUnderstood(`the remote ${key} is loaded as "${externalType}", not as a script`);
      }
      return { alias, name, entry, scopes: names(shareScope), exposes: sorted(exposes.get(key) ?? []) };
    }),
  );
  const known = new Set(Object.keys(infos ?? {}));
  const unknown = [...exposes.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) throw new NotUnderstood(`modules of the unknown remote ${unknown[0]} are loaded`);
  return found;
}

/** The files of some chunks. */
export function filesOf(chunks, chunkFiles) {
  return sorted(
    chunks.flatMap((chunk) => {
      const files = chunkFiles.get(chunk);
      if (files === undefined) throw new NotUnderstood(`there is no chunk ${chunk}`);
      return files;
    }),
  );
}

function byKind(files) {
  return {
    js: files.filter((file) => file.endsWith(".js")),
    css: files.filter((file) => file.endsWith(".css")),
  };
}

function names(scope) {
  const found = [scope ?? "default"].flat();
  if (!found.every((name) => typeof name === "string")) throw new NotUnderstood("a share scope has no name");
  return found;
}

/** Minified or not: `1`, `true`, or nothing said. */
function flag(value) {
  return value === undefined || value === null ? null : Boolean(value);
}

/** A text; false for "any version will do"; null when nothing is said. */
function range(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  if (value === false || value === 0) return false;
  throw new NotUnderstood(`${JSON.stringify(value)} is no range`);
}

function checkKeys(entry, known, where) {
  const unknown = Object.keys(entry).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new NotUnderstood(`${where} has a property \`${unknown}\``);
  if (entry.treeShakingMode) throw new NotUnderstood(`${where} is shaken (${entry.treeShakingMode})`);
}

/** Without repetition, by code units, so that the order does not depend on a locale. */
export function sorted(texts) {
  return [...new Set(texts)].sort();
}
