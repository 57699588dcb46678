"""The module that hands a runtime host's shared dependencies to whoever starts the runtime.

It runs before the application and publishes one list under two names:

* ``__@backstage/module_federation_shared_dependencies__``, which ``loadModuleFederationHostShared``
  of ``@backstage/module-federation-common`` 0.1.5 reads: ``{items: [{name, version, lib,
  shareConfig}], version: "v1"}``;
* ``__backstage-module-federation-shared-dependencies__``, which Backstage's guide has in mind: a
  map of names to ``{version, requiredVersion, singleton, eager, module}``.

Each ``lib`` is an ``import()`` of its own, so each module is loaded when it is asked for. The map
is made of the list while the page starts: there is one ``import()`` for each module.
"""

from __future__ import annotations

import json
from typing import Any, Iterable

from module_federation.sharing.share_slice import SharedModule

GLOBAL = "__@backstage/module_federation_shared_dependencies__"
"""Where the published packages look."""

GUIDE_GLOBAL = "__backstage-module-federation-shared-dependencies__"
"""Where the guide looks."""

CHUNK_PREFIX = "shared."
"""What the names of the chunks begin with that hold nothing but shared modules."""

_MODULE = """\
globalThis[{name}] = {{
  items: [
{items}  ],
  version: "v1",
}};

globalThis[{guide_name}] = Object.fromEntries(
  globalThis[{name}].items.map(({{ name, version, lib, shareConfig }}) => [
    name,
    {{ version, ...shareConfig, module: lib }},
  ]),
);
"""


def runtime_entry(modules: Iterable[SharedModule]) -> str:
    """The text of the module, for the modules of a runtime host's slice."""
    items = "".join(f"    {_item(module)},\n" for module in modules)
    return _MODULE.format(name=json.dumps(GLOBAL), guide_name=json.dumps(GUIDE_GLOBAL), items=items)


def chunk_name(key: str) -> str:
    """The name of the chunk that a shared module lands in: ``shared.material-ui__core__styles``.

    Only characters that file names have everywhere; what two keys share is one chunk then, no more.
    """
    plain = key.replace("@", "").replace("/", "__")
    return CHUNK_PREFIX + "".join(
        each if each.isalnum() or each in "._-" else "_" for each in plain
    )


def _item(module: SharedModule) -> str:
    share_config: dict[str, Any] = {
        "singleton": module.singleton,
        "requiredVersion": module.required_version,
        "eager": module.eager,
    }
    if module.strict_version:
        share_config["strictVersion"] = True
    name, version = json.dumps(module.key), json.dumps(module.version)
    chunk = json.dumps(chunk_name(module.key))
    return (
        f"{{ name: {name}, version: {version}, "
        f"lib: () => import(/* webpackChunkName: {chunk} */ {name}), "
        f"shareConfig: {json.dumps(share_config)} }}"
    )
