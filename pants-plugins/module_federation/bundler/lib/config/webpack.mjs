// webpack's compiler for one container: what Rspack brings along, by packages of webpack's own world.
import { createRequire } from "node:module";
import path from "node:path";
import { ModuleFederationPlugin } from "@module-federation/enhanced/webpack";
import browserslist from "browserslist";
import HtmlWebpackPlugin from "html-webpack-plugin";
import { browserslistToTargets } from "lightningcss";
import MinimizerPlugin from "minimizer-webpack-plugin";
import webpack from "webpack";
import { runtimeAlias } from "../determinism.mjs";
import { styleOrder } from "../style_order.mjs";
import { TidyOutputPlugin } from "../tidy_output.mjs";
import { TypeReexportsPlugin } from "../type_reexports.mjs";
import {
  commonConfig,
  federationOptions,
  htmlOptions,
  moduleRules,
  scriptLoaders,
  swcOptions,
} from "./common.mjs";

const { resolve } = createRequire(import.meta.url);

/** The browsers that styles are written for: Rspack's default (`LightningCssMinimizerRspackPlugin`, 2.2.9). */
const BROWSERS = "fully supports es6";

/** The packages of webpack's own whose versions decide what is emitted. */
export const TOOLS = ["@swc/core", "html-webpack-plugin", "lightningcss", "webpack"];
/** The package of the federation plugin. */
export const FEDERATION_PLUGIN = "@module-federation/enhanced";

/**
 * @param {object} request see `util_rules/bundle.py`, `bundle_options`
 * @param {string} root the sandbox's absolute path
 * @returns {import("webpack").Compiler}
 */
export function createCompiler(request, root) {
  return webpack(
    webpackConfig(request, root, runtimeAlias("@module-federation/runtime$"), [
      ...(request.runtimeHost
        ? []
        : [new ModuleFederationPlugin(pluginOptions(request, root)), new TidyOutputPlugin()]),
      ...(request.entryPoint ? [new HtmlWebpackPlugin(pageOptions(request, root))] : []),
    ]),
  );
}

function pluginOptions(request, root) {
  return {
    ...federationOptions(request, root),
    // Any other path would become one in the sandbox, and part of the code.
    runtimePlugins: request.runtimePlugins.map(absolute),
    // The runtime's entry would otherwise be written to `node_modules`, shared with other sandboxes.
    virtualRuntimeEntry: true,
  };
}

/** A path that names no file anywhere, but is an alias. */
function absolute(name) {
  return `/${name}`;
}

function absoluteAliases(request, root) {
  return Object.fromEntries(
    request.runtimePlugins.map((name) => [
      `${absolute(name)}$`,
      path.join(root, request.aliases[`${name}$`]),
    ]),
  );
}

/** webpack's configuration, with plugins of the caller's choice. */
export function webpackConfig(request, root, aliases, plugins) {
  const common = commonConfig(request, root, { ...aliases, ...absoluteAliases(request, root) });
  return {
    ...common,
    output: {
      ...common.output,
      filename: entryName(common.output),
      // Comments with requests; that of `absolute` would be written as seen from the sandbox.
      pathinfo: false,
    },
    // A loader's path is part of a module's identity: not the real one, which differs.
    resolveLoader: { symlinks: false },
    module: {
      // Rspack's default; webpack would only warn.
      parser: { javascript: { exportsPresence: "error" } },
      rules: moduleRules(request, root, { oneOf: scriptRules(request) }),
    },
    optimization: {
      ...common.optimization,
      // Otherwise names in development are hashes of modules' identities, with the sandbox's path.
      realContentHash: true,
      minimizer: minimizers(),
    },
    plugins: [...plugins, ...styleOrder(request), new TypeReexportsPlugin()],
    // All that Rspack has by default, and nothing that webpack would find out from the Node.js it runs on.
    experiments: { asyncWebAssembly: true, css: true, html: false, typescript: false },
  };
}

/**
 * The federation plugin asks how deep an entry lies before its content has a hash, which webpack takes
 * for an error since 5.111 (`FederationRuntimeModule` of `@module-federation/enhanced` 2.9.2).
 */
function entryName({ filename }) {
  const unhashed = filename.replace(".[contenthash:8]", "");
  return ({ chunk }) => (chunk?.contentHash?.javascript ? filename : unhashed);
}

/** SWC for each syntax; `builtin:swc-loader` finds out by itself. */
function scriptRules(request) {
  const rule = (test, parser) => ({
    test,
    use: scriptLoaders(request, {
      loader: resolve("swc-loader"),
      options: {
        ...swcOptions(request, parser),
        isModule: "unknown",
        // Neither settings nor a list of browsers is looked for.
        configFile: false,
        swcrc: false,
        // webpack makes a map's paths relative, before they are part of a hash, but not in a text.
        parseMap: request.sourceMaps !== "off",
      },
    }),
  });
  return [
    rule(/\.tsx$/, { syntax: "typescript", tsx: true, decorators: true }),
    rule(/\.[cm]?ts$/, { syntax: "typescript", decorators: true }),
    rule(/\.(?:[cm]?js|jsx)$/, { syntax: "ecmascript", jsx: true, decorators: true }),
  ];
}

/** Rspack's own two: SWC for scripts, Lightning CSS for styles. */
function minimizers() {
  return [
    new MinimizerPlugin({
      minify: MinimizerPlugin.swcMinify,
      extractComments: false,
      minimizerOptions: { compress: true, mangle: true, format: { comments: false } },
    }),
    new MinimizerPlugin({
      test: /\.css$/,
      minify: MinimizerPlugin.lightningCssMinify,
      minimizerOptions: { targets: browserslistToTargets(browserslist(BROWSERS)) },
    }),
  ];
}

/** A page is written the same for both bundlers: what Rspack calls `htmlRspackPlugin` is there too. */
function pageOptions(request, root) {
  return {
    ...htmlOptions(request, root),
    // The container's own entry is for other pages.
    excludeChunks: [request.name],
    templateParameters: (compilation, files, tags, options) => {
      const page = { tags, files, options };
      return { compilation, htmlRspackPlugin: page, htmlWebpackPlugin: page };
    },
  };
}
