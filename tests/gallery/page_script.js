// Runs in a gallery page before anything else. It keeps the runtime's warnings, lets entries arrive
// in a given order, and tells afterwards whose copy of a shared module everybody got.
(() => {
  const arrival = __ARRIVAL__;
  const warnings = [];
  const warn = console.warn;
  console.warn = (...texts) => {
    warnings.push(texts.map(String).join(" "));
    warn.apply(console, texts);
  };

  // Manifests are held back. The one that comes first in `arrival` goes on its way alone: the next
  // one follows when its entry has run and nothing more has come of that for a while.
  const waiting = [];
  let busy = false;
  let settled = () => {};
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const nameOf = (url) => /([^/.]+)\/app\/mf-manifest\.json/.exec(String(url))?.[1];
  const rank = ({ name }) => (arrival.includes(name) ? arrival.indexOf(name) : arrival.length);

  async function release() {
    if (busy) return;
    busy = true;
    await pause(30);
    while (waiting.length > 0) {
      waiting.sort((a, b) => rank(a) - rank(b));
      const { go } = waiting.shift();
      const entryHasRun = new Promise((resolve) => { settled = resolve; });
      go();
      await entryHasRun;
      await pause(30);
    }
    busy = false;
  }

  const isEntry = (target) => target?.tagName === "SCRIPT" && target.src.includes("remoteEntry.js");
  for (const event of ["load", "error"]) {
    document.addEventListener(event, ({ target }) => isEntry(target) && settled(), true);
  }
  const fetchNow = globalThis.fetch.bind(globalThis);
  globalThis.fetch = async (url, ...rest) => {
    const name = nameOf(url);
    if (name === undefined) return fetchNow(url, ...rest);
    await new Promise((go) => {
      waiting.push({ name, go });
      release();
    });
    return fetchNow(url, ...rest);
  };

  const got = [];
  const inner = (module) => module?.default ?? module;

  async function step({ kind, container, request }) {
    const before = warnings.length;
    const action = gallery[container][kind][request];
    const outcome = await Promise.race([
      action().then(
        (module) => ({ module: kind === "wants" ? module : undefined }),
        (error) => ({ error: String(error?.message ?? error) }),
      ),
      pause(4000).then(() => ({ error: "hangs" })),
    ]);
    got.push(outcome.module);
    return { error: outcome.error, warnings: warnings.slice(before) };
  }

  /** Every copy of every shared module that some container brings along, loaded now at the latest. */
  async function copies() {
    const found = new Map();
    for (const { name, options } of __FEDERATION__.__INSTANCES__) {
      for (const [key, entries] of Object.entries(options.shared)) {
        for (const { version, get } of [entries].flat()) {
          const factory = await get();
          found.set(inner(factory()), { container: name, key, version });
        }
      }
    }
    return found;
  }

  function scopes() {
    return __FEDERATION__.__INSTANCES__.map(({ name, shareScopeMap }) => [
      name,
      Object.entries(shareScopeMap).map(([scope, keys]) => [
        scope,
        Object.entries(keys).map(([key, versions]) => [
          key,
          Object.entries(versions).map(([version, share]) => ({
            version,
            from: share.from,
            loaded: Boolean(share.loaded),
            lib: share.lib && inner(share.lib()),
          })),
        ]),
      ]),
    ]);
  }

  async function report() {
    const live = scopes();
    const known = await copies();
    const owner = (module) => module && (known.get(inner(module)) ?? { container: "?", key: "?", version: "?" });
    for (const [, ofContainer] of live) {
      for (const [, keys] of ofContainer) {
        for (const [, versions] of keys) {
          for (const share of versions) share.lib = owner(share.lib)?.container ?? null;
        }
      }
    }
    const needs = Object.entries(gallery).map(([name, panel]) => [
      name,
      Object.entries(panel.needs).map(([request, module]) => [request, owner(module)]),
    ]);
    return { got: got.map((module) => owner(module) ?? null), needs, scopes: live };
  }

  globalThis.gallery = {};
  globalThis.galleryTest = { step, report, warnings };
})();
