"""A runtime host of a page or so, and two remotes that bring no React along.

The host starts the federation runtime by itself, from its own dependencies, in both ways that
Backstage has had: by the guide's global (`#guide` in the page's address) and by the one of the
published packages.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict, Mapping

LOCKFILE = Path(__file__).parent / "lockfiles" / "runtime_shop.json"

SHELL = "shop/apps/shell"
CART = "shop/apps/cart"
NOTES = "shop/apps/notes"
POLICY = "sharing.toml"
OPTIONS = (f"--module-federation-policy-file={POLICY}",)


def _manifest(name: str, **fields: object) -> str:
    return json.dumps({"name": name, "version": "1.0.0", "private": True, **fields}, indent=2)


_SHARED = """
    import { createInstance } from "@module-federation/runtime";

    const GUIDE = "__backstage-module-federation-shared-dependencies__";
    const PUBLISHED = "__@backstage/module_federation_shared_dependencies__";

    /** By the guide: what could be loaded, and the errors of what could not. */
    export async function buildRuntimeSharedUserOption() {
      const shared: Record<string, object> = {};
      const errors: Error[] = [];
      for (const [name, dependency] of Object.entries<any>(globalThis[GUIDE] ?? {})) {
        const { version, module, ...shareConfig } = dependency;
        try {
          const loaded = await module();
          shared[name] = { version, lib: () => loaded, shareConfig };
        } catch (cause) {
          errors.push(new Error(`${name} cannot be shared`, { cause }));
        }
      }
      return { shared, errors };
    }

    /** By the published packages: all at once, each failure told to whoever listens. */
    export async function loadModuleFederationHostShared(onError: (error: Error) => void) {
      const { items, version } = globalThis[PUBLISHED];
      if (version !== "v1") throw new Error(`a list of version ${version}`);
      const shared: Record<string, object> = {};
      await Promise.all(
        items.map(async ({ name, version, lib, shareConfig }) => {
          try {
            const loaded = await lib();
            shared[name] = { version, lib: () => loaded, shareConfig };
          } catch (cause) {
            onError(new Error(`${name} cannot be shared`, { cause }));
          }
        }),
      );
      return shared;
    }

    /** The runtime, knowing all remotes that the packaged list has. */
    export async function startFederation(onError: (error: Error) => void) {
      let shared;
      if (location.hash === "#guide") {
        const built = await buildRuntimeSharedUserOption();
        shared = built.shared;
        built.errors.forEach(onError);
      } else {
        shared = await loadModuleFederationHostShared(onError);
      }
      const list = new URL("remotes.json", document.baseURI);
      const remotes = await (await fetch(list)).json();
      const instance = createInstance({
        name: "shell",
        shared,
        remotes: remotes.map(({ packageName, remoteInfo: { name, entry } }) => ({
          alias: packageName,
          name,
          entry: new URL(entry, list).href,
        })),
      });
      const modules = remotes.flatMap(({ packageName, exposedModules }) =>
        exposedModules.map((each) => (each === "." ? packageName : `${packageName}/${each}`)),
      );
      return { instance, modules };
    }
"""

_SHELL = """
    import { useState } from "react";
    import { createRoot } from "react-dom/client";
    import { startFederation } from "./federation";

    const page = { errors: [], hooks: new Set([useState]), modules: [], order: [] };
    globalThis.shop = page;
    const GUIDE = "__backstage-module-federation-shared-dependencies__";
    page.order.push("application", typeof globalThis[GUIDE]);

    async function start() {
      const onError = (error) => page.errors.push(error.message.split("\\n")[0]);
      const { instance, modules } = await startFederation(onError);
      page.instance = instance;
      const loaded = await Promise.allSettled(modules.map((id) => instance.loadRemote(id)));
      const panels = loaded.flatMap((each, place) => {
        if (each.status === "fulfilled") return [each.value.default];
        onError(each.reason);
        return [];
      });
      page.modules = modules;
      createRoot(document.getElementById("root")!).render(
        <main>{panels.map((Panel, place) => <Panel key={place} />)}</main>,
      );
      page.isStarted = true;
    }

    start().catch((error) => page.errors.push(String(error)));
"""


def _panel(text: str) -> str:
    return f"""
    import {{ useState }} from "react";

    globalThis.shop?.hooks.add(useState);

    export default function Panel() {{
      const [count, setCount] = useState(0);
      return <button onClick={{() => setCount(count + 1)}}>{text} {{count}}</button>;
    }}
"""


POLICY_TEXT = """
presets = ["backstage"]

# No code imports it: it is there for remotes alone.
[packages.clsx.hosts]
"""

FILES = {
    POLICY: POLICY_TEXT,
    "shop/package.json": _manifest("shop", workspaces=["apps/*"]),
    "shop/package-lock.json": LOCKFILE.read_text(),
    "shop/BUILD": 'package_json(name="package")\n',
    f"{SHELL}/package.json": _manifest(
        "@shop/shell",
        dependencies={
            "@module-federation/runtime": "2.9.2",
            "clsx": "^2.0.0",
            "react": "^19.0.0",
            "react-dom": "^19.0.0",
        },
    ),
    f"{SHELL}/src/federation.ts": _SHARED,
    f"{SHELL}/src/index.tsx": _SHELL,
    f"{SHELL}/BUILD": (
        'package_json(name="package")\n'
        "web_sources()\n"
        'federated_host(name="host", host_style="runtime", container_name="shell", '
        'remotes=["shop/apps/cart:remote", "shop/apps/notes:remote"])\n'
    ),
    f"{CART}/package.json": _manifest("@shop/cart", dependencies={"react": "^19.0.0"}),
    f"{CART}/src/index.tsx": _panel("Cart"),
    f"{CART}/BUILD": (
        'package_json(name="package")\n'
        "web_sources()\n"
        'federated_remote(name="remote", exposes={".": "src/index.tsx"})\n'
    ),
    f"{NOTES}/package.json": _manifest("@shop/notes", dependencies={"react": "^19.0.0"}),
    f"{NOTES}/src/index.tsx": _panel("Notes"),
    f"{NOTES}/src/alpha.tsx": _panel("New notes"),
    f"{NOTES}/BUILD": (
        'package_json(name="package")\n'
        "web_sources()\n"
        'federated_remote(name="remote", '
        'exposes={".": "src/index.tsx", "./alpha": "src/alpha.tsx"})\n'
    ),
}


def files(changes: Mapping[str, str | None] | None = None) -> Dict[str, str]:
    """The whole workspace, path → content.

    :param changes: path → new content; `None` leaves the file out.
    """
    everything: Dict[str, str | None] = {**FILES, **(changes or {})}
    return {path: content for path, content in everything.items() if content is not None}
