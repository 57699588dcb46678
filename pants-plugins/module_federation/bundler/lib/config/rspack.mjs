// Rspack's compiler for one container.
import { createRequire } from "node:module";
import { rspack } from "@rspack/core";
import { runtimeAlias } from "../determinism.mjs";
import { minifiedChunks } from "../minified_chunks.mjs";
import { styleOrder } from "../style_order.mjs";
import { TidyOutputPlugin } from "../tidy_output.mjs";
import {
  commonConfig,
  federationOptions,
  htmlOptions,
  moduleRules,
  scriptLoaders,
  swcOptions,
} from "./common.mjs";

// What `@module-federation/enhanced/rspack` hands on, without webpack's half of that package. Its ES
// module calls a `require` that is not there (2.9.2).
const { ModuleFederationPlugin } = createRequire(import.meta.url)("@module-federation/rspack/plugin");

/** The packages of Rspack's own whose versions decide what is emitted. */
export const TOOLS = ["@rspack/core"];
/** The package of the federation plugin. */
export const FEDERATION_PLUGIN = "@module-federation/rspack";

/**
 * @param {object} request see `util_rules/bundle.py`, `bundle_options`
 * @param {string} root the sandbox's absolute path
 * @returns {import("@rspack/core").Compiler}
 */
export function createCompiler(request, root) {
  return rspack(
    rspackConfig(request, root, runtimeAlias("@module-federation/runtime"), [
      ...(request.runtimeHost
        ? []
        : [new ModuleFederationPlugin(federationOptions(request, root)), new TidyOutputPlugin()]),
      ...(request.entryPoint ? [new rspack.HtmlRspackPlugin(htmlOptions(request, root))] : []),
      ...minifiedChunks(request, root),
    ]),
  );
}

/** Rspack's configuration, with plugins of the caller's choice. */
export function rspackConfig(request, root, aliases, plugins) {
  return {
    ...commonConfig(request, root, aliases),
    module: {
      // TypeScript's types are gone when modules are linked: `export { SomeType } from` is no error.
      parser: { javascript: { typeReexportsPresence: "tolerant" } },
      rules: moduleRules(request, root, {
        use: scriptLoaders(request, {
          loader: "builtin:swc-loader",
          options: {
            detectSyntax: "auto",
            collectTypeScriptInfo: { typeExports: true },
            ...swcOptions(request, { syntax: "typescript", tsx: true, decorators: true }),
          },
        }),
      }),
    },
    plugins: [...plugins, ...styleOrder(request)],
    lazyCompilation: false,
  };
}
