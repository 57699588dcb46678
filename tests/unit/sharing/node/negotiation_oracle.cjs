// Plays load orders of whole federations with the real federation runtime, in memory.
// Usage: node negotiation_oracle.cjs <node_modules>
// Standard input: one scenario per line, as JSON; standard output: one line for each, what happened.
// The shapes are those of tests/unit/sharing/negotiation/real_runtime.py.
//
// A container is a bundle without a bundler: the calls that Rspack's generated code makes into
// @module-federation/webpack-bundler-runtime, on real instances of @module-federation/runtime-core.
// Only the network is replaced: an entry arrives when this file says so.
"use strict";
const path = require("node:path");
const readline = require("node:readline");

const modules = path.resolve(process.argv[2], "@module-federation");
const bundler = require(path.join(modules, "webpack-bundler-runtime")).default;
const { createInstance } = bundler.runtime;

const warnings = [];
console.warn = (...parts) => warnings.push(parts.join(" "));
console.error = () => {};
// An initialisation that nobody awaits (before a synchronous load) may fail on its own.
process.on("unhandledRejection", () => {});

/** Lets every promise that can go on by itself go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const copy = (name, key, version, by) => ({ copy: [name, key, version ?? "0"], by });

class Page {
  constructor(scenario, number) {
    this.scenario = scenario;
    this.number = number;
    this.containers = new Map(scenario.containers.map((each) => [each.name, each]));
    this.bundles = new Map();
    this.waiting = new Map();
    this.arrived = new Set();
    this.steps = 0;
  }

  /** The bundle of a container; its entry runs the first time that it is asked for. */
  bundle(name) {
    if (!this.bundles.has(name)) this.bundles.set(name, this.evaluate(this.containers.get(name)));
    return this.bundles.get(name);
  }

  network() {
    return {
      name: "network",
      loadEntry: ({ remoteInfo: { name } }) =>
        new Promise((resolve, reject) => this.waiting.set(name, { resolve, reject })),
    };
  }

  remotes(container) {
    return container.remotes.map(({ name, scope }) => ({
      name,
      entry: `https://page-${this.number}/${name}.js`,
      shareScope: scope,
      externalType: "script",
    }));
  }

  /** The instance of an application that starts the runtime itself, without a bundler plugin. */
  start(container) {
    const shared = {};
    for (const { key, version, scope, config, loaded } of container.provides) {
      const factory = () => copy(container.name, key, version, "share");
      const source = loaded ? { lib: factory } : { get: () => Promise.resolve(factory) };
      (shared[key] ||= []).push({ version, scope: [scope], shareConfig: config, ...source });
    }
    const options = { name: container.name, shared, remotes: this.remotes(container) };
    if (container.strategy) options.shareStrategy = container.strategy;
    return createInstance({ ...options, plugins: [this.network()] });
  }

  /** What @rspack/core 2.3's moduleFederationDefaultRuntime.js does with a bundle's data. */
  evaluate(container) {
    if (!container.is_bundle) return { federation: { instance: this.start(container) } };
    const require = { m: {}, c: {}, f: {}, S: {}, o: (object, key) => Object.hasOwn(object, key) };
    const mapping = {};
    for (const { key, version, scope, config } of container.provides) {
      const factory = () => copy(container.name, key, version, "share");
      (mapping[scope] ||= []).push({
        name: key,
        version,
        factory: config.eager ? () => factory : () => Promise.resolve(factory),
        ...config,
      });
    }
    require.initializeSharingData = { scopeToSharingDataMapping: mapping };
    require.consumesLoadingData = {
      chunkMapping: {},
      moduleIdToConsumeDataMapping: {},
      initialConsumes: [],
    };
    const shared = {};
    for (const [scope, stages] of Object.entries(mapping)) {
      for (const { name, version, factory, eager, ...stage } of stages) {
        const { singleton, requiredVersion, strictVersion } = stage;
        const config = {};
        if (singleton !== undefined) config.singleton = singleton;
        if (requiredVersion !== undefined) config.requiredVersion = requiredVersion;
        if (eager !== undefined) config.eager = eager;
        if (strictVersion !== undefined) config.strictVersion = strictVersion;
        const share = { version, scope: [scope], shareConfig: config, get: factory };
        (shared[name] ||= []).push({ ...share, treeShaking: undefined });
      }
    }
    const remotes = this.remotes(container);
    require.federation = {
      ...bundler,
      libraryType: "var",
      sharedFallback: undefined,
      initOptions: {
        name: container.name,
        shareStrategy: container.strategy,
        shared,
        remotes,
        plugins: [this.network()],
      },
      bundlerRuntimeOptions: { remotes: { idToExternalAndNameMapping: {}, idToRemoteMap: {} } },
    };
    require.S = bundler.bundlerRuntime.S;
    const initPromises = [];
    const initTokens = {};
    require.I = (shareScopeName, initScope) =>
      bundler.bundlerRuntime.I({
        shareScopeName,
        initScope,
        initPromises,
        initTokens,
        webpackRequire: require,
      });
    require.federation.attachShareScopeMap(require);
    require.federation.instance = bundler.bundlerRuntime.init({ webpackRequire: require });
    bundler.bundlerRuntime.installInitialConsumes({
      webpackRequire: require,
      installedModules: {},
      initialConsumes: [],
      moduleToHandlerMapping: {},
    });
    return require;
  }

  /** What a remote's entry gives to the page. */
  entry(name) {
    const require = this.bundle(name);
    const { scope } = this.containers.get(name);
    return {
      init: (shareScope, initScope, remoteEntryInitOptions) =>
        bundler.bundlerRuntime.initContainerEntry({
          webpackRequire: require,
          shareScope,
          initScope,
          remoteEntryInitOptions,
          shareScopeKey: scope,
        }),
      get: () => Promise.resolve(() => "exposed"),
    };
  }

  consume(require, name, { key, config, scopes, fallback }) {
    const factory = () => copy(name, key, fallback, "fallback");
    return {
      shareKey: key,
      getter: fallback === null ? undefined : () => Promise.resolve(factory),
      treeShakingGetter: undefined,
      shareInfo: {
        shareConfig: {
          fixedDependencies: false,
          requiredVersion: config.requiredVersion,
          strictVersion: config.strictVersion,
          singleton: config.singleton,
          eager: config.eager,
        },
        scope: [scopes.length === 1 ? scopes[0] : scopes],
      },
    };
  }

  async perform([kind, name, argument]) {
    const require = this.bundle(name);
    const { instance } = require.federation;
    const id = `step-${this.steps++}`;
    const promises = [];
    const chunk = { chunkId: id, promises, chunkMapping: { [id]: [id] }, webpackRequire: require };
    if (kind === "initialize") {
      const strategy = this.containers.get(name).strategy ?? undefined;
      await Promise.all(
        argument.flatMap((scope) => instance.initializeSharing(scope, { strategy })),
      );
      return "done";
    }
    if (kind === "load_remote" && !this.containers.get(name).is_bundle) {
      return await instance.loadRemote(`${argument}/module`);
    }
    if (kind === "load_remote") {
      const [remote] = instance.options.remotes.filter((each) => each.name === argument);
      bundler.bundlerRuntime.remotes({
        ...chunk,
        idToExternalAndNameMapping: { [id]: [remote.shareScope, "./module", `external-${id}`] },
        idToRemoteMap: { [id]: [{ name: argument, externalType: "script" }] },
      });
    } else {
      const consumer = {
        moduleToHandlerMapping: { [id]: this.consume(require, name, argument) },
        installedModules: {},
      };
      if (kind === "load_share") bundler.bundlerRuntime.consumes({ ...chunk, ...consumer });
      else {
        bundler.bundlerRuntime.installInitialConsumes({
          ...consumer,
          webpackRequire: require,
          initialConsumes: [id],
        });
      }
    }
    await Promise.all(promises);
    const module = {};
    require.m[id](module);
    return module.exports;
  }

  /** One step, until nothing moves any more: entries arrive one by one, in the given order. */
  async play(step) {
    warnings.length = 0;
    let outcome = "hangs";
    this.perform(step).then(
      (result) => (outcome = typeof result === "object" ? result : "done"),
      (error) => (outcome = { error: String(error.message ?? error) }),
    );
    await settle();
    while (this.waiting.size) {
      const name = this.scenario.arrival.find((each) => this.waiting.has(each));
      const { resolve, reject } = this.waiting.get(name);
      this.waiting.delete(name);
      if (this.scenario.offline.includes(name)) reject(new Error("offline"));
      else resolve(this.entry(name));
      await settle();
    }
    return { outcome, warnings: [...warnings] };
  }

  /** Every share scope as its container sees it. */
  shareScopes() {
    const scopes = {};
    for (const { name } of this.scenario.containers) {
      if (!this.bundles.has(name)) continue;
      scopes[name] = {};
      const map = this.bundle(name).federation.instance.shareScopeMap;
      for (const [scope, keys] of Object.entries(map)) {
        scopes[name][scope] = {};
        for (const [key, versions] of Object.entries(keys)) {
          scopes[name][scope][key] = Object.entries(versions).map(([version, share]) => [
            version,
            share.from,
            Boolean(share.loaded),
            Boolean(share.loading),
            typeof share.lib === "function" ? share.lib().copy[0] : null,
          ]);
        }
      }
    }
    return scopes;
  }
}

async function main() {
  let number = 0;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const scenario = JSON.parse(line);
    globalThis.__FEDERATION__.__INSTANCES__.length = 0;
    globalThis.__FEDERATION__.__SHARE__ = {};
    const page = new Page(scenario, number++);
    const steps = [];
    for (const step of scenario.steps) steps.push(await page.play(step));
    process.stdout.write(JSON.stringify({ steps, scopes: page.shareScopes() }) + "\n");
  }
}

main();
