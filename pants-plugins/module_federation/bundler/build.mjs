// Bundles one container. Called as `node build.mjs <request.json>` from the root of a sandbox that
// holds the container's sources at their repository paths, its installed packages behind
// `node_modules` links, and this tool. The request is written by `util_rules/bundle.py`.
//
// Exit status 0: the output folder named in the request is complete, and the file beside it tells what
// the bundle truly shares (`lib/truth.mjs`). 1: the user's code did not compile; every error stands on
// stderr, with repository paths. 2: what was emitted is not understood. Anything else is a fault of ours.
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { keepRuntimeRequestRelative } from "./lib/determinism.mjs";
import { leaveOutTypeArchives } from "./lib/no_type_archives.mjs";

const root = process.cwd();
const request = JSON.parse(readFileSync(process.argv[2], "utf8"));
const place = { root, packageDirectory: request.packageDirectory, bundler: request.bundler };

// These change what the bundler loads, so they come before it. A runtime host brings a runtime of its
// own along.
leaveOutTypeArchives();
if (!request.runtimeHost) keepRuntimeRequestRelative();

const [{ createCompiler, TOOLS, FEDERATION_PLUGIN }, { formatErrors }] = await Promise.all([
  import(`./lib/config/${request.bundler}.mjs`),
  import("./lib/errors.mjs"),
]);

// The build version is part of the code; the plugin would otherwise read it from the CI's variables.
process.env.MF_BUILD_VERSION = request.buildVersion;
const compiler = createCompiler(request, root);
const compilation = new Promise((resolve, reject) => {
  compiler.run((error, result) => (error ? reject(error) : resolve(result)));
});
// The parser is loaded while the bundler's own threads work.
const reader = import(request.runtimeHost ? "./lib/truth_runtime_host.mjs" : "./lib/truth.mjs");
/** Rspack's binding (2.2.9) calls references of its own a leak when the process ends: no message of ours. */
const end = (status) => {
  closeSync(2);
  // Takes the number that is free now, so that no other file does.
  openSync("/dev/null", "w");
  process.exit(status);
};
const fail = (errors) => {
  process.stderr.write(formatErrors(errors, place));
  end(1);
};
const stats = await compilation.catch((error) => fail([error]));

if (stats.hasErrors()) {
  const { errors } = stats.toJson({ all: false, errors: true, errorDetails: false });
  fail(errors);
}
const { warnings } = stats.toJson({ all: false, warnings: true });
if (warnings.length > 0) {
  process.stdout.write(formatErrors(warnings, place));
}
const { readTruth, NotUnderstood } = await reader;
let status = 0;
try {
  const truth = readTruth(stats.compilation, request, TOOLS, FEDERATION_PLUGIN);
  writeFileSync(request.truthFile, `${JSON.stringify(truth)}\n`);
} catch (error) {
  if (!(error instanceof NotUnderstood)) throw error;
  process.stderr.write(`${error.message}\n`);
  status = 2;
}
await new Promise((resolve) => compiler.close(resolve));
// Rspack's native thread pool can keep a finished process alive for some tenths of a second.
end(status);
