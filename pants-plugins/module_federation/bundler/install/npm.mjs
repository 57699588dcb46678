// npm, whose layout of real folders is what everything after the installation reads.
import { run } from "./environment.mjs";

/** @returns {import("../install.mjs").Outcome} */
export function installWithNpm({ program, env }) {
  return { status: run([...program, "ci"], env) };
}
