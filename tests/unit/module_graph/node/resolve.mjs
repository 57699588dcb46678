/**
 * Asks the real bundler what requests mean, by building modules that make them.
 *
 *     node resolve.mjs <folder with node_modules> <folder to build in>      (questions on stdin)
 *
 * Questions: {"mode", "resolve": <resolve option>, "probes": [<absolute path>, …]}, where every probe is a
 * script or style sheet that makes one request. Answers: for each, the absolute path of the module it
 * leads to, false when the bundler ignores the request, null when it does not find it.
 * (`compiler.resolverFactory.get` of Rspack 2.2.9 takes no notice of the class of a request.)
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [packages, context] = process.argv.slice(2);
const { rspack } = createRequire(path.join(packages, "package.json"))("@rspack/core");
const { mode, probes, resolve } = JSON.parse(readFileSync(0, "utf8"));
const isProbe = new Set(probes);
const resolved = new Map();
const failed = new Set();

const compiler = rspack({
  context,
  devtool: false,
  entry: Object.fromEntries(probes.map((probe, index) => [`probe${index}`, probe])),
  mode,
  module: {
    rules: [
      { test: (file) => !isProbe.has(file.split(/[?#]/)[0]), type: "asset/resource" },
      { test: /\.css$/, type: "css/auto" },
    ],
  },
  optimization: { minimize: false },
  output: { path: path.join(context, "dist") },
  resolve,
  target: "web",
});
compiler.hooks.thisCompilation.tap("resolve", (compilation, { normalModuleFactory }) => {
  normalModuleFactory.hooks.afterResolve.tap("resolve", (data) => {
    if (data.contextInfo.issuer) resolved.set(data.contextInfo.issuer, data.createData.resource);
  });
  compilation.hooks.seal.tap("resolve", () => {
    for (const error of compilation.errors) {
      if (/Can't resolve|not found/i.test(error.message)) failed.add(error.module?.resource);
    }
  });
});
compiler.run((error, stats) => {
  if (error) throw error;
  for (const item of stats.compilation.errors) failed.add(item.module?.resource);
  const answers = probes.map((probe) => resolved.get(probe) ?? (failed.has(probe) ? null : false));
  process.stdout.write(JSON.stringify(answers));
  compiler.close(() => {});
});
