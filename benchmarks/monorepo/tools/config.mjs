// Rspack's configuration of one container, as a person would write it: what the plugin tells Rspack in
// `bundler/lib/config`, without what only its sandboxes need. Each package has an `rspack.config.mjs`
// that calls this.
import path from "node:path";
import { ModuleFederationPlugin } from "@module-federation/enhanced/rspack";
import { rspack } from "@rspack/core";

const singleton = (version, name) => ({ singleton: true, requiredVersion: version[name] });

/**
 * @param {object} container
 * @param {string} container.directory the package's absolute path
 * @param {string} container.name
 * @param {object} container.versions ranges of its `package.json`
 * @param {Record<string, string>} [container.exposes]
 * @param {Record<string, string>} [container.remotes] name → address of its manifest
 * @returns {import("@rspack/core").Configuration}
 */
export function createConfig({ directory, name, versions, exposes = {}, remotes = {} }) {
  const host = Object.keys(remotes).length > 0;
  const react = singleton(versions, "react");
  const reactDom = singleton(versions, "react-dom");
  return {
    name,
    mode: "production",
    context: directory,
    target: ["web", "es2022"],
    entry: host ? { main: "./src/index.ts" } : {},
    devtool: false,
    output: {
      path: path.join(directory, "dist"),
      publicPath: "auto",
      uniqueName: name,
      filename: "static/js/[name].[contenthash:8].js",
      chunkFilename: "static/js/[name].[contenthash:8].js",
      cssFilename: "static/css/[name].[contenthash:8].css",
      cssChunkFilename: "static/css/[name].[contenthash:8].css",
    },
    resolve: { extensions: [".tsx", ".ts", ".mjs", ".js", ".json"] },
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          exclude: [/[\\/]node_modules[\\/]/],
          loader: "builtin:swc-loader",
          options: {
            detectSyntax: "auto",
            jsc: { transform: { react: { runtime: "automatic" } }, target: "es2022" },
          },
        },
        { test: /\.css$/, type: "css/auto", sideEffects: true },
      ],
    },
    plugins: [
      new ModuleFederationPlugin({
        name,
        filename: "remoteEntry.js",
        exposes,
        remotes: Object.fromEntries(
          Object.entries(remotes).map(([remote, entry]) => [remote, `${remote}@${entry}`]),
        ),
        shared: {
          "@emotion/react": singleton(versions, "@emotion/react"),
          "@emotion/styled": singleton(versions, "@emotion/styled"),
          react,
          "react/jsx-runtime": react,
          "react-dom": reactDom,
          ...(host ? { "react-dom/client": reactDom } : {}),
          "react-router": singleton(versions, "react-router"),
        },
        manifest: true,
        dts: false,
        dev: false,
      }),
      ...(host
        ? [new rspack.HtmlRspackPlugin({ template: "./src/index.html", scriptLoading: "defer" })]
        : []),
    ],
    cache: false,
    performance: false,
    stats: false,
    infrastructureLogging: { level: "error" },
  };
}
