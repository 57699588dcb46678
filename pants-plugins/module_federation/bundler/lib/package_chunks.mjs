// One chunk for each large package, so that a new version of it leaves all others in browsers' caches.

/** In bytes before minification; Backstage's limit (@backstage/cli-module-build 0.1.8, `optimization`). */
const LARGE = 100_000;
const PACKAGE = /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)(?:[\\/]|$)/g;

/**
 * The bundler's `splitChunks` for a container that splits by package; nothing for others.
 *
 * A shared package is never put together with others: where the page takes another container's copy, its
 * chunk is not loaded. Names begin with `npm.`, which no entry's name can.
 *
 * @param {object} request see `util_rules/bundle.py`, `bundle_options`
 * @returns {{splitChunks?: object}}
 */
export function packageChunks({ shared, splitChunks }) {
  if (splitChunks !== "by-package") return {};
  const sharedPackages = new Set(Object.keys(shared ?? {}).map(packageOfRequest));
  const name = (module) => `npm.${packageOf(module).replace("@", "").replace(/[\\/]/, "-")}`;
  return {
    splitChunks: {
      chunks: "async",
      maxAsyncRequests: Infinity,
      maxInitialRequests: Infinity,
      cacheGroups: {
        default: false,
        defaultVendors: false,
        shared: {
          test: (module) => sharedPackages.has(packageOf(module)),
          name,
          priority: 20,
          enforce: true,
        },
        packages: {
          test: (module) => packageOf(module) !== undefined,
          name,
          priority: 10,
          minChunks: 1,
          minSize: LARGE,
        },
        vendor: {
          test: (module) => packageOf(module) !== undefined,
          name: "npm.vendor",
          priority: 5,
          enforce: true,
        },
      },
    },
  };
}

/** The installed package that a module belongs to, the innermost one where packages lie in packages. */
function packageOf(module) {
  const matches = [...(module.nameForCondition?.() ?? "").matchAll(PACKAGE)];
  return matches.at(-1)?.[1].replace("\\", "/");
}

function packageOfRequest(request) {
  return request.split("/").slice(0, request.startsWith("@") ? 2 : 1).join("/");
}
