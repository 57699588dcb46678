// Yarn 3 and 4, with its node-modules linker whatever `.yarnrc.yml` says: variables win over it
// (@yarnpkg/core, `Configuration.find`), and a Yarn that does not know one of them skips it.
import path from "node:path";
import { ask, npmRegistry, run } from "./environment.mjs";

/** @returns {import("../install.mjs").Outcome} */
export function installWithYarn({ here, program, env, npmCli, request }) {
  const settings = {
    NODE_LINKER: "node-modules",
    // Other modes link files or folders into the global folder.
    NM_MODE: "classic",
    GLOBAL_FOLDER: path.join(here, "__yarn_cache"),
    ENABLE_GLOBAL_CACHE: "true",
    ENABLE_MIRROR: "false",
    ENABLE_TELEMETRY: "false",
    ENABLE_PROGRESS_BARS: "false",
    ENABLE_HYPERLINKS: "false",
    ENABLE_COLORS: "false",
    ENABLE_SCRIPTS: String(request.allowScripts),
    // The Yarn that runs is the one that was checked, and starts no other.
    IGNORE_PATH: "true",
  };
  if (!request.namesRegistry) settings.NPM_REGISTRY_SERVER = npmRegistry(npmCli, env);
  for (const scheme of ["http", "https"]) {
    const proxy = env[`${scheme}_proxy`] ?? env[`${scheme.toUpperCase()}_PROXY`];
    if (proxy) settings[`${scheme.toUpperCase()}_PROXY`] = proxy;
  }
  const all = { ...env };
  for (const [name, value] of Object.entries(settings)) all[`YARN_${name}`] = value;
  const mode = request.allowScripts ? [] : ["--mode=skip-build"];
  const status = run([...program, "install", "--immutable", ...mode], all);
  if (status !== 0) return { status };
  return { status, additions: dependencies(ask([...program, "info", "-AR", "--json"], all)) };
}

/**
 * What packages depend on in Yarn's eyes: `packageExtensions`, and a list of its own, add to what
 * their manifests say.
 *
 * @param {string} report one JSON object a line: `{"value": "<name>@<locator>", "children": {"Version",
 *   "Dependencies": [{"descriptor": "<name>@npm:<range>"}]}}`
 */
function dependencies(report) {
  const found = {};
  for (const line of report.split("\n").filter(Boolean)) {
    const { value, children } = JSON.parse(line);
    const [name, locator] = halves(value);
    if (locator.startsWith("workspace:")) continue;
    const ranges = (children.Dependencies ?? []).map(({ descriptor }) => {
      const [dependency, range] = halves(descriptor);
      const plain = range.replace(/^virtual:[^#]*#/, "");
      return [dependency, /^npm:[^@]*$/.test(plain) ? plain.slice("npm:".length) : plain];
    });
    found[`${name}@${children.Version}`] = Object.fromEntries(ranges);
  }
  return found;
}

/** `@scope/name@npm:^1.0.0` → its name and the rest. */
function halves(text) {
  const at = text.indexOf("@", 1);
  return [text.slice(0, at), text.slice(at + 1)];
}
