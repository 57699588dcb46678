// One container's bundle, from its request to what it truly shares.
import { writeFileSync } from "node:fs";
import { formatErrors } from "./errors.mjs";

/** What a bundle came to, as the exit status of its process. */
export const COMPLETE = 0;
export const REFUSED = 1;
export const NOT_UNDERSTOOD = 2;

/**
 * Bundles into the folder that the request names, and writes beside it what the bundle shares.
 *
 * @param {object} request see `util_rules/bundle.py`, `bundle_options`
 * @param {string} root the sandbox's absolute path
 * @param {(compiler: import("webpack").Compiler) => void} prepare is shown the compiler before it runs
 * @returns {Promise<{status: number, warnings: string, errors: string}>} `COMPLETE`: all is written. `REFUSED`:
 *   the user's code did not compile. `NOT_UNDERSTOOD`: what was emitted is not known here. Texts are for people,
 *   with repository paths. After `REFUSED` the bundler is not closed.
 */
export async function bundle(request, root, prepare = () => {}) {
  const { createCompiler, TOOLS, FEDERATION_PLUGIN } = await import(`./config/${request.bundler}.mjs`);
  const place = { root, packageDirectory: request.packageDirectory, bundler: request.bundler };
  const refused = (errors) => ({ status: REFUSED, warnings: "", errors: formatErrors(errors, place) });

  const compiler = createCompiler(request, root);
  prepare(compiler);
  const compilation = new Promise((resolve, reject) => {
    compiler.run((error, result) => (error ? reject(error) : resolve(result)));
  });
  // The parser is loaded while the bundler's own threads work.
  const reader = import(request.runtimeHost ? "./truth_runtime_host.mjs" : "./truth.mjs");
  let stats;
  try {
    stats = await compilation;
  } catch (error) {
    return refused([error]);
  }
  if (stats.hasErrors()) {
    return refused(stats.toJson({ all: false, errors: true, errorDetails: false }).errors);
  }
  const found = stats.toJson({ all: false, warnings: true }).warnings;
  const warnings = found.length > 0 ? formatErrors(found, place) : "";

  const { readTruth, NotUnderstood } = await reader;
  let errors = "";
  try {
    const truth = readTruth(stats.compilation, request, TOOLS, FEDERATION_PLUGIN);
    writeFileSync(request.truthFile, `${JSON.stringify(truth)}\n`);
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    errors = `${error.message}\n`;
  }
  await new Promise((resolve, reject) => {
    compiler.close((error) => (error ? reject(error) : resolve()));
  });
  return { status: errors ? NOT_UNDERSTOOD : COMPLETE, warnings, errors };
}
