// What both bundlers are told in the same words. Rspack's configuration is webpack's; where the two part,
// see `rspack.mjs` and `webpack.mjs` beside this file.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { packageChunks } from "../package_chunks.mjs";
import { pageEntry, sharedChunks, sharedEntryRules } from "../runtime_host.mjs";

const DEVTOOL = { off: false, hidden: "hidden-source-map", on: "source-map" };
const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const INSTALLED = /[\\/]node_modules[\\/]/;

/**
 * Everything but how sources are compiled, and what plugins do.
 *
 * @param {object} request see `util_rules/bundle.py`, `bundle_options`
 * @param {string} root the sandbox's absolute path
 * @param {Record<string, string>} aliases absolute ones, beside those of the request
 * @returns {import("webpack").Configuration}
 */
export function commonConfig(request, root, aliases = {}) {
  const inRoot = (file) => path.join(root, file);
  return {
    mode: request.mode,
    context: inRoot(request.packageDirectory),
    target: ["web", "es2022"],
    entry: request.entryPoint ? { main: pageEntry(request, root) } : {},
    devtool: DEVTOOL[request.sourceMaps],
    output: {
      path: inRoot(request.outputDirectory),
      publicPath: request.publicPath,
      uniqueName: request.name,
      filename: "static/js/[name].[contenthash:8].js",
      chunkFilename: "static/js/[name].[contenthash:8].js",
      cssFilename: "static/css/[name].[contenthash:8].css",
      cssChunkFilename: "static/css/[name].[contenthash:8].css",
      assetModuleFilename: "static/media/[name].[contenthash:8][ext]",
      // Relative to the repository, not to the sandbox.
      devtoolModuleFilenameTemplate: ({ resourcePath }) =>
        `webpack://${request.name}/${repositoryPath(resourcePath, request.packageDirectory)}`,
      devtoolNamespace: request.name,
      hashFunction: "xxhash64",
    },
    resolve: {
      // The rules by which the import inference found the files, so that both see the same graph.
      ...request.resolve,
      byDependency: byDependency(request, inRoot),
      alias: { ...mapValues(request.aliases, inRoot), ...aliases },
    },
    optimization: {
      // Ids made of paths would differ between sandboxes.
      moduleIds: "natural",
      chunkIds: "natural",
      runtimeChunk: false,
      emitOnErrors: false,
      ...sharedChunks(request, packageChunks(request)),
    },
    cache: false,
    performance: false,
    stats: false,
    infrastructureLogging: { level: "error" },
  };
}

/** How a file is compiled: rules for scripts, styles and assets, and names that hold in one package. */
export function moduleRules(request, root, script) {
  return [
    ...packageAliasRules(request, root),
    ...sharedEntryRules(request, root),
    { test: SCRIPT, exclude: [INSTALLED], ...script },
    { test: /\.css$/, type: "css/auto", sideEffects: true },
    { test: endsWith(request.assetExtensions), type: "asset/resource" },
  ];
}

/** What a rule for scripts uses: SWC, and what sets right what SWC writes. */
export function scriptLoaders(request, swc) {
  const names = fileURLToPath(new URL("../repository_names.mjs", import.meta.url));
  return request.mode === "development" ? [names, swc] : [swc];
}

/**
 * SWC's options, for whatever runs it.
 *
 * @param {object} parser what is to be read as what
 */
export function swcOptions(request, parser) {
  const development = request.mode === "development";
  return {
    jsc: {
      parser,
      transform: { react: { runtime: "automatic", development } },
      target: "es2022",
    },
  };
}

/** The options of `ModuleFederationPlugin`, which are the same for both bundlers. */
export function federationOptions(request, root) {
  return {
    name: request.name,
    filename: "remoteEntry.js",
    exposes: mapValues(request.exposes, (file) => path.join(root, file)),
    remotes: mapValues(request.remotes, ({ name, entry }) => `${name}@${entry}`),
    shared: request.shared,
    shareStrategy: request.shareStrategy,
    runtimePlugins: request.runtimePlugins,
    manifest: true,
    dts: false,
    dev: false,
  };
}

/** The options of `HtmlRspackPlugin` and `html-webpack-plugin`, as far as they are the same. */
export function htmlOptions(request, root) {
  return {
    filename: "index.html",
    template: path.join(root, request.html ?? request.defaultHtml),
    // A page of the user's own keeps its title.
    ...(request.html ? {} : { title: request.title }),
    scriptLoading: "defer",
    inject: "head",
    minify: false,
  };
}

/** Requests that mean another file to `require` than to `import`, say, by conditional `exports`. */
function byDependency(request, inRoot) {
  const result = { ...request.resolve.byDependency };
  for (const [kind, aliases] of Object.entries(request.aliasesByDependency)) {
    result[kind] = { ...result[kind], alias: mapValues(aliases, inRoot) };
  }
  return result;
}

/** Names from `tsconfig.json` hold only in the package that has that file. */
function packageAliasRules(request, root) {
  const inRoot = (file) => path.join(root, file);
  return Object.entries(request.packageAliases).map(([directory, aliases]) => ({
    include: [`${inRoot(directory)}${path.sep}`],
    exclude: [INSTALLED],
    resolve: { alias: mapValues(aliases, inRoot) },
  }));
}

/** The bundler names a file as seen from the package (`./src/a.ts`), and its own modules plainly. */
function repositoryPath(resourcePath, packageDirectory) {
  if (!/^\.{1,2}\//.test(resourcePath)) return resourcePath;
  return path.posix.join(packageDirectory, resourcePath).replace(/^__npm\//, "");
}

function endsWith(extensions) {
  return new RegExp(`(?:${extensions.map((extension) => extension.replace(".", "\\.")).join("|")})$`, "i");
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
