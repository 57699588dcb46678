// A process that stays, and bundles for Pants what comes: the bundler is loaded once, and what the JavaScript
// engine has compiled stays compiled. A bundle takes 0.38 s of processor time in the place of 0.50 s.
//
// It answers only where all went well. In every other case it ends itself without a word, and the caller starts
// a process for that container alone (`util_rules/bundle.py`), which has the last word on what is wrong. So no
// failure is this one's, and nothing that failed lives on in it.
import { closeSync, openSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { Request, success } from "./nailgun.mjs";

/** What a client has to ask for. Nothing else that it sends counts: anyone on this machine can connect. */
const COMMAND = "bundle";
/** After an edit one process is asked again and again; the others of a large build are of no more use. */
const IDLE = 3 * 60 * 1000;
/** In bytes, of this process: what Pants reckons with (2.17.1, `[GLOBAL].process_per_child_memory_usage`). */
const TOO_LARGE = 512 * 1024 * 1024;
const PARENT_ASKED_EVERY = 2000;

/**
 * Listens on the loopback interface until nobody needs it any more.
 *
 * @param {string} root the sandbox's absolute path: it stays, what lies in it is another's each time
 * @param {() => object} readRequest reads what is to be bundled from there
 */
export function serve(root, readRequest) {
  for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, end);
  endWithParent();
  let tools;
  let isBusy = false;
  let idle = setTimeout(end, IDLE);

  async function answer(socket) {
    // Two at once are never asked for by Pants.
    if (isBusy) end();
    isBusy = true;
    clearTimeout(idle);
    const { bundle, COMPLETE } = await tools;
    const request = readRequest();
    process.env.MF_BUILD_VERSION = request.buildVersion;
    const { status, warnings } = await bundle(request, root);
    if (status !== COMPLETE) end();
    isBusy = false;
    idle = setTimeout(end, IDLE);
    socket.end(success(warnings), () => {
      if (process.memoryUsage.rss() > TOO_LARGE) end();
    });
  }

  const server = createServer((socket) => {
    const asked = new Request();
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => {
      const command = asked.read(bytes);
      if (command === COMMAND) answer(socket);
      else if (command !== undefined) socket.destroy();
    });
  });
  server.listen(0, "127.0.0.1", () => {
    writeSync(1, `Bundler started on 127.0.0.1, port ${server.address().port}.\n`);
    leaveOutputs();
    // While Pants lays out the first sandbox.
    tools = loadTools();
  });
}

async function loadTools() {
  const [tools] = await Promise.all([
    import("./bundle.mjs"),
    import("./config/rspack.mjs"),
    import("./truth.mjs"),
  ]);
  return tools;
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
