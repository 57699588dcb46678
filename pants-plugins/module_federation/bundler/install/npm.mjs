// npm, whose layout of real folders is what everything after the installation reads.
import { run } from "./environment.mjs";

const SPOOLED = ["--import", new URL("npm_to_spool.mjs", import.meta.url).href];

/** @returns {import("../install.mjs").Outcome} */
export function installWithNpm({ program, env, request }) {
  // Scripts look for files in their places, and for commands in `.bin`.
  if (request.allowScripts) return { status: run([...program, "ci"], env) };
  const [node, ...npm] = program;
  return { status: run([node, ...SPOOLED, ...npm, "ci", "--no-bin-links"], env) };
}
