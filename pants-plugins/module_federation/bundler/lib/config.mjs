// The bundler's configuration for one container.
import path from "node:path";
import { ModuleFederationPlugin } from "@module-federation/enhanced/rspack";
import { rspack } from "@rspack/core";
import { TidyOutputPlugin } from "./tidy_output.mjs";

const DEVTOOL = { off: false, hidden: "hidden-source-map", on: "source-map" };
const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/**
 * @param {object} request see `util_rules/bundle.py`, `BundleRequest.to_json`
 * @param {{root: string, runtimeAlias: Record<string, string>}} sandbox its absolute path, and the
 *   alias that `keepRuntimeRequestRelative` gave
 * @returns {import("@rspack/core").Configuration}
 */
export function containerConfig(request, { root, runtimeAlias }) {
  const inRoot = (file) => path.join(root, file);
  const development = request.mode === "development";
  const context = inRoot(request.packageDirectory);
  // The build version is part of the code; the plugin would otherwise read it from the CI's variables.
  process.env.MF_BUILD_VERSION = request.buildVersion;

  return {
    mode: request.mode,
    context,
    target: ["web", "es2022"],
    entry: request.entryPoint ? { main: inRoot(request.entryPoint) } : {},
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
      alias: { ...mapValues(request.aliases, inRoot), ...runtimeAlias },
    },
    module: {
      // TypeScript's types are gone when modules are linked: `export { SomeType } from` is no error.
      parser: { javascript: { typeReexportsPresence: "tolerant" } },
      rules: [
        ...packageAliasRules(request, inRoot),
        {
          test: SCRIPT,
          exclude: [/[\\/]node_modules[\\/]/],
          loader: "builtin:swc-loader",
          options: swcOptions(development),
        },
        { test: /\.css$/, type: "css/auto", sideEffects: true },
        { test: endsWith(request.assetExtensions), type: "asset/resource" },
      ],
    },
    optimization: {
      // Ids made of paths would differ between sandboxes.
      moduleIds: "natural",
      chunkIds: "natural",
      runtimeChunk: false,
      emitOnErrors: false,
    },
    plugins: [
      new ModuleFederationPlugin(federationOptions(request, inRoot)),
      ...(request.entryPoint ? [htmlPlugin(request, inRoot)] : []),
      new TidyOutputPlugin(),
    ],
    lazyCompilation: false,
    cache: false,
    performance: false,
    stats: false,
    infrastructureLogging: { level: "error" },
  };
}

function federationOptions(request, inRoot) {
  return {
    name: request.name,
    filename: "remoteEntry.js",
    exposes: mapValues(request.exposes, inRoot),
    remotes: mapValues(request.remotes, ({ name, entry }) => `${name}@${entry}`),
    shared: request.shared,
    shareStrategy: request.shareStrategy,
    runtimePlugins: request.runtimePlugins,
    manifest: true,
    dts: false,
    dev: false,
  };
}

function htmlPlugin(request, inRoot) {
  return new rspack.HtmlRspackPlugin({
    filename: "index.html",
    template: inRoot(request.html ?? request.defaultHtml),
    // A page of the user's own keeps its title.
    ...(request.html ? {} : { title: request.title }),
    scriptLoading: "defer",
    inject: "head",
    minify: false,
  });
}

function swcOptions(development) {
  return {
    detectSyntax: "auto",
    collectTypeScriptInfo: { typeExports: true },
    jsc: {
      parser: { syntax: "typescript", tsx: true, decorators: true },
      transform: { react: { runtime: "automatic", development } },
      target: "es2022",
    },
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
function packageAliasRules(request, inRoot) {
  return Object.entries(request.packageAliases).map(([directory, aliases]) => ({
    include: [`${inRoot(directory)}${path.sep}`],
    exclude: [/[\\/]node_modules[\\/]/],
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
