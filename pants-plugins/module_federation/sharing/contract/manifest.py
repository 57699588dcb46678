"""``mf-manifest.json``: what it says of a container, and its ``shared`` part put right."""

from __future__ import annotations

import json
from typing import Any, Iterable

from module_federation.sharing.contract.json_text import Value
from module_federation.sharing.contract.model import (
    Contract,
    ContractConsume,
    ContractExpose,
    ContractProvide,
    ContractRemote,
)
from module_federation.sharing.ranges import RangeError, intersect, parse_range

MANIFEST_FILE = "mf-manifest.json"
_DEFAULT_SCOPE = "default"


def corrected_manifest(manifest: bytes, contract: Contract) -> bytes:
    """A container's own manifest, whose ``shared`` and ``exposes`` say what the bundle does.

    One item for every version that is provided, by key and version, with the flags and the files of
    the bundle. The range is the bundle's; where it gives none with the copy (several copies), what
    its own importers of that copy ask for. The schema stays that of ``@module-federation/sdk``
    2.9.2 (``StatsShared``): its ``generateSnapshotFromManifest`` reads ``name``, ``version`` and
    ``assets``. What is only asked for has no item. Each exposed module has the files that the code
    loads for it, which the runtime loads ahead. All else stays as it is.

    Args:
        manifest: As the bundler wrote it.
    """
    document = json.loads(manifest)
    known = {item["name"]: item for item in document["shared"]}
    items: dict[tuple[str, str], dict[str, Any]] = {}
    for provide in contract.provides:
        version = provide.version or ""
        same = [each for each in contract.provides if each.key == provide.key]
        item = _item(document["id"], provide, contract.consumes)
        if len(same) == 1 and provide.key in known:
            # Parts of the module that it loads only when they are needed.
            for kind, assets in item["assets"].items():
                listed = known[provide.key]["assets"][kind]["async"]
                assets["async"] = sorted(set(listed) - set(assets["sync"]))
        items[provide.key, version] = item
    document["shared"] = [items[place] for place in sorted(items)]
    exposed = {each.name: each for each in contract.exposes}
    for item in document["exposes"]:
        expose = exposed.get(item["path"])
        if expose is not None:
            # The plugin misses chunks that `splitChunks` gives a name.
            for kind, needed in (("js", expose.js), ("css", expose.css)):
                assets = item["assets"][kind]
                assets["sync"] = sorted(needed)
                assets["async"] = sorted(set(assets["async"]) - set(needed))
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()


def _item(
    container: str, provide: ContractProvide, consumes: Iterable[ContractConsume]
) -> dict[str, Any]:
    return {
        "id": f"{container}:{provide.key}",
        "name": provide.key,
        "version": provide.version or "",
        "singleton": bool(provide.singleton),
        "requiredVersion": _required(provide, consumes),
        "assets": {
            kind: {
                "sync": [each for each in provide.chunks if each.endswith(f".{kind}")],
                "async": [],
            }
            for kind in ("js", "css")
        },
    }


def _required(provide: ContractProvide, consumes: Iterable[ContractConsume]) -> str:
    if provide.required is not None:
        return provide.required if isinstance(provide.required, str) else "*"
    asked = {
        each.required
        for each in consumes
        if each.key == provide.key
        and each.fallback == provide.version
        and isinstance(each.required, str)
    }
    if len(asked) == 1:
        return asked.pop()
    try:
        return intersect([parse_range(text) for text in sorted(asked)]).text
    except RangeError:
        # A dialect that only the runtime reads; any of its ranges is true.
        return min(asked)


def contract_of_manifest(top: Value) -> Contract:
    """What a manifest tells of its container.

    It has neither share scopes, nor strictness, eagerness, fallbacks and digests, and its plugin
    lists a key once, whatever is provided. So each item stands for a copy that the container
    provides, asks for and falls back on.

    Raises:
        ContractError: It is no manifest.
    """
    name = top.need("name").name()
    provides = []
    consumes = []
    for item in _items(top.get("shared")):
        key = item.need("name").name()
        version, required, singleton = (
            item.get("version"),
            item.get("requiredVersion"),
            item.get("singleton"),
        )
        # Some plugins write an empty text where they know nothing.
        text = version.name() if version is not None and version.data != "" else None
        wanted = required.range() if required is not None and required.data != "" else None
        flag = None if singleton is None else singleton.flag()
        provides.append(
            ContractProvide(
                _DEFAULT_SCOPE,
                key,
                text,
                singleton=flag,
                required=wanted,
                chunks=tuple(sorted({*_assets(item, "js"), *_assets(item, "css")})),
            )
        )
        consumes.append(
            ContractConsume(
                (_DEFAULT_SCOPE,), key, wanted, flag, fallback="0" if text is None else text
            )
        )
    exposes = tuple(_expose(each) for each in _items(top.get("exposes")))
    return Contract(
        name=name,
        kind="remote" if exposes else "host",
        mode=None,
        strategy="version-first",
        scopes=(_DEFAULT_SCOPE,),
        provides=tuple(provides),
        consumes=tuple(consumes),
        exposes=exposes,
        remotes=_remotes(top.get("remotes")),
        tools={},
        slice_digest=None,
        inputs_digest=None,
        files=(),
        is_complete=False,
    )


def _items(value: Value | None) -> tuple[Value, ...]:
    return () if value is None else value.items()


def _assets(item: Value, kind: str) -> tuple[str, ...]:
    assets = item.get("assets")
    of_kind = assets and assets.get(kind)
    sync = of_kind and of_kind.get("sync")
    return () if sync is None else sync.files()


def _expose(item: Value) -> ContractExpose:
    path = item.get("path")
    # The name is the path without its start (``StatsExpose``).
    name = path.name() if path is not None and path.data != "" else f"./{item.need('name').name()}"
    return ContractExpose(name, _assets(item, "js"), _assets(item, "css"))


def _remotes(value: Value | None) -> tuple[ContractRemote, ...]:
    """A manifest lists a remote once for every module of it that is imported."""
    found: dict[str, ContractRemote] = {}
    for item in _items(value):
        alias = item.need("alias").name()
        entry = item.get("entry") or item.need("version")
        module = item.get("moduleName")
        before = found[alias].exposes or () if alias in found else ()
        # "." stands for a remote of which no module is named.
        named = (f"./{module.text()}",) if module is not None and module.data != "." else ()
        found[alias] = ContractRemote(
            alias,
            item.need("federationContainerName").name(),
            entry.text(),
            exposes=tuple(sorted({*before, *named})) or None,
        )
    return tuple(found.values())
