// Bundles containers. Called from the root of a sandbox that holds a container's sources at their repository
// paths, its installed packages behind `node_modules` links, and this tool, in one of two ways:
//
//   node build.mjs -cp <request.json> bundle
//     bundles the one container of the request, which `util_rules/bundle.py` writes. Exit status 0: the output
//     folder named in the request is complete, and the file beside it tells what the bundle truly shares
//     (`lib/truth.mjs`). 1: the user's code did not compile; every error stands on stderr, with repository
//     paths. 2: what was emitted is not understood. Anything else is a fault of ours.
//
//   node build.mjs -cp <request.json> com.martiansoftware.nailgun.NGServer :0
//     stays, and bundles one container after the other, each time with another sandbox in the same place
//     (`lib/pooled.mjs`). Pants knows only Java programs to stay, and this is how it calls them: `-cp` is where
//     Java has its class path.
import { closeSync, openSync, readFileSync } from "node:fs";
import { keepRuntimeRequestRelative } from "./lib/determinism.mjs";
import { leaveOutTypeArchives } from "./lib/no_type_archives.mjs";

const STAY = "com.martiansoftware.nailgun.NGServer";

const [, , , requestFile, command] = process.argv;
const root = process.cwd();
const readRequest = () => JSON.parse(readFileSync(requestFile, "utf8"));

// What changes how the bundler is loaded comes before it.
leaveOutTypeArchives();

if (command === STAY) {
  const { serve } = await import("./lib/pooled.mjs");
  keepRuntimeRequestRelative();
  serve(root, readRequest);
} else {
  const request = readRequest();
  // A runtime host brings a runtime of its own along.
  if (!request.runtimeHost) keepRuntimeRequestRelative();
  // The build version is part of the code; the plugin would otherwise read it from the CI's variables.
  process.env.MF_BUILD_VERSION = request.buildVersion;
  const { bundle } = await import("./lib/bundle.mjs");
  const { status, warnings, errors } = await bundle(request, root);
  process.stdout.write(warnings);
  process.stderr.write(errors);
  // Rspack's binding (2.2.9) calls references of its own a leak when the process ends: no message of ours.
  closeSync(2);
  // Takes the number that is free now, so that no other file does.
  openSync("/dev/null", "w");
  // Rspack's native thread pool can keep a finished process alive for some tenths of a second.
  process.exit(status);
}
