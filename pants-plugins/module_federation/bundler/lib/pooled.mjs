// A process that stays, and bundles for Pants what comes: the bundler is loaded once, and what the JavaScript
// engine has compiled stays compiled. A remote of `benchmarks/monorepo` takes 0.24 s in the place of 0.36 s, and
// 0.38 s of processor time in the place of 0.50 s, where its chunks are minified already.
//
// It answers a request that is for it only where all went well. In every other case it ends itself without a
// word, and the caller starts a process for that container alone (`util_rules/bundle.py`), which has the last word
// on what is wrong. So no failure is this one's, and nothing that failed lives on in it.
import { closeSync, existsSync, openSync, realpathSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { RequestReader, success } from "./nailgun.mjs";

/** What a client has to ask for, in this process's own sandbox: anyone on this machine can connect. */
const COMMAND = "bundle";
/** Times in milliseconds, sizes of this process in bytes. */
const LIMITS = {
  // After an edit one process is asked again and again; the others of a large build are of no more use.
  idle: 3 * 60 * 1000,
  // What Pants reckons with (2.17.1, `[GLOBAL].process_per_child_memory_usage`). As long as there is more to
  // do, starting anew would cost more than it gives: the next sandbox may take seconds to be laid out.
  large: 512 * 1024 * 1024,
  idleIfLarge: 15 * 1000,
  tooLarge: 1024 * 1024 * 1024,
  // In which a client that connects must have said what it wants.
  saying: 10 * 1000,
};
const PARENT_ASKED_EVERY = 2000;
const TOOL = fileURLToPath(new URL("..", import.meta.url));

/**
 * Listens on the loopback interface until nobody needs it any more.
 *
 * @param {string} root the sandbox's absolute path: it stays, what lies in it is another's each time
 * @param {() => object} readRequest reads what is to be bundled from there
 * @param {Partial<typeof LIMITS>} limits others than usual, for tests
 */
export function serve(root, readRequest, limits = {}) {
  const { idle, large, idleIfLarge, tooLarge, saying } = { ...LIMITS, ...limits };
  endWithParent();
  let tools;
  let isBusy = false;
  let rest = setTimeout(end, idle);

  async function answer(socket) {
    // Two at once are never asked for by Pants.
    if (isBusy) return end();
    isBusy = true;
    clearTimeout(rest);
    const { bundle, COMPLETE } = await tools;
    const request = readRequest();
    // Nor is the same twice: what lies there may be read just now.
    if (existsSync(request.outputDirectory) || existsSync(request.truthFile)) return end();
    process.env.MF_BUILD_VERSION = request.buildVersion;
    const { status, warnings } = await bundle(request, root, endAtForeignLoaders);
    if (status !== COMPLETE) return end();
    isBusy = false;
    const size = process.memoryUsage.rss();
    rest = setTimeout(end, size > large ? idleIfLarge : idle);
    // Called when the answer is under way, before there can be another request of Pants.
    socket.end(success(warnings), () => size > tooLarge && end());
  }

  const server = createServer((socket) => {
    const reader = new RequestReader();
    socket.on("error", () => socket.destroy());
    const patience = setTimeout(() => socket.destroy(), saying);
    socket.on("close", () => clearTimeout(patience));
    socket.on("data", (bytes) => {
      const request = read(reader, bytes);
      if (request === null) return;
      clearTimeout(patience);
      if (isForUs(request, root)) answer(socket);
      else socket.destroy();
    });
  });
  server.listen(0, "127.0.0.1", () => {
    writeSync(1, `Bundler started on 127.0.0.1, port ${server.address().port}.\n`);
    // Until here, Pants shows what is written to stderr when a process ends.
    for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, end);
    leaveOutputs();
    // While Pants lays out the first sandbox.
    tools = loadTools();
  });
}

/** @returns what is asked for: `null` as long as it is not said, `{}` for what Pants does not say */
function read(reader, bytes) {
  try {
    return reader.read(bytes);
  } catch {
    return {};
  }
}

function isForUs({ command, folder }, root) {
  if (command !== COMMAND || !path.isAbsolute(folder ?? "")) return false;
  try {
    return realpathSync(folder) === realpathSync(root);
  } catch {
    return false;
  }
}

async function loadTools() {
  const [tools] = await Promise.all([
    import("./bundle.mjs"),
    import("./config/rspack.mjs"),
    import("./truth.mjs"),
  ]);
  return tools;
}

/**
 * A source can name a loader in its import (`!./loader.cjs!./data.txt`), of the repository or of a package. Node.js
 * loads a file once: what another container has at the same path would be what this one gets.
 */
function endAtForeignLoaders(compiler) {
  const own = [TOOL, path.join(realpathSync(TOOL), path.sep)];
  const isOwn = (file) => file.startsWith("builtin:") || own.some((folder) => file.startsWith(folder));
  compiler.hooks.compilation.tap("EndAtForeignLoaders", (compilation) => {
    const { loader } = compiler.webpack.NormalModule.getCompilationHooks(compilation);
    loader.tap("EndAtForeignLoaders", ({ loaders }) => {
      if (!loaders.every(({ path: file }) => isOwn(file))) end();
    });
  });
}

/** Nobody reads on, and a pipe that is full makes its writer wait. */
function leaveOutputs() {
  for (const output of [1, 2]) {
    closeSync(output);
    // Takes the number that is free now.
    openSync("/dev/null", "w");
  }
}

/** By the one signal that Pants takes for normal, and warns nobody of. */
function end() {
  process.kill(process.pid, "SIGKILL");
}

/** Pants ends its processes itself, unless it is killed. */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || end(), PARENT_ASKED_EVERY).unref();
}
