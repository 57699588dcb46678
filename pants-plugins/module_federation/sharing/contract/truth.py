"""What a bundle truly does, as ``bundler/lib/truth.mjs`` read it, and whether it was to do that."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any, Iterator, Mapping, Sequence

from module_federation.sharing.contract.model import (
    STANDARD,
    Contract,
    ContractConsume,
    ContractExpose,
    ContractFile,
    ContractProvide,
    ContractRemote,
)
from module_federation.sharing.contract.order import in_order
from module_federation.sharing.negotiation.model import UNVERSIONED
from module_federation.sharing.share_slice import SharedModule, ShareSlice

TRUTH_VERSION = 1


class TruthError(ValueError):
    """A file that is not what the bundle process writes: a fault of this plugin."""


@dataclass(frozen=True)
class Truth:
    """What the emitted code of one container says; the fields are those of ``Contract``."""

    name: str
    strategy: str | None
    scopes: tuple[str, ...]
    provides: tuple[ContractProvide, ...]
    consumes: tuple[ContractConsume, ...]
    exposes: tuple[ContractExpose, ...]
    remotes: tuple[ContractRemote, ...]
    files: tuple[ContractFile, ...]
    tools: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """The bundle does something else than its slice says; both halves name their side."""

    key: str
    bundle: str
    slice: str

    def __str__(self) -> str:
        return f"{self.bundle}, {self.slice}"


def read_truth(content: bytes) -> Truth:
    """Read what the bundle process wrote.

    Raises:
        TruthError: it is something else, or of another version.
    """
    try:
        data = json.loads(content)
        if data["version"] != TRUTH_VERSION:
            raise TruthError(f"It is of version {data['version']!r}, not {TRUTH_VERSION}.")
        files = tuple(ContractFile(**each) for each in data["files"])
        sizes = {each.path: each.bytes for each in files}
        return Truth(
            name=data["name"],
            strategy=data["strategy"],
            scopes=tuple(data["scopes"]),
            provides=tuple(_provide(each, sizes) for each in data["provides"]),
            consumes=tuple(_consume(each) for each in data["consumes"]),
            exposes=tuple(
                ContractExpose(each["name"], tuple(each["js"]), tuple(each["css"]))
                for each in data["exposes"]
            ),
            remotes=tuple(
                ContractRemote(
                    each["alias"],
                    each["name"],
                    each["entry"],
                    tuple(each["scopes"]),
                    None if each["exposes"] is None else tuple(each["exposes"]),
                )
                for each in data["remotes"]
            ),
            files=files,
            tools=dict(data["tools"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, TruthError):
            raise
        raise TruthError(f"It is not what `lib/truth.mjs` writes ({error!r}).") from error


def _provide(value: Mapping[str, Any], sizes: Mapping[str, int]) -> ContractProvide:
    chunks = tuple(value["chunks"])
    return ContractProvide(
        scope=value["scope"],
        key=value["key"],
        version=value["version"],
        eager=value["eager"],
        singleton=value["singleton"],
        strict=value["strict"],
        required=value["required"],
        chunks=chunks,
        # The size of what is part of the entry can't be told from that of the entry.
        bytes=sum(sizes[chunk] for chunk in chunks) if chunks else None,
    )


def _consume(value: Mapping[str, Any]) -> ContractConsume:
    return ContractConsume(
        scopes=tuple(value["scopes"]),
        key=value["key"],
        required=value["required"],
        singleton=value["singleton"],
        strict=value["strict"],
        eager=value["eager"],
        fallback=value["fallback"],
        initial=value["initial"],
        at_start=value["atStart"],
    )


def compare(truth: Truth, shared: ShareSlice) -> tuple[Difference, ...]:
    """Everything that the bundle provides or asks for otherwise than its slice says, by key.

    A key of the slice that the bundle neither provides nor asks for is no difference: the code that
    imports it may be gone, as an import of types only, or in a branch that the mode rules out.
    """
    found: list[Difference] = []
    for provide in truth.provides:
        module = shared.module(provide.key)
        if module is None:
            found.append(_unexpected(provide.key, f"provides {_named(provide)}"))
        else:
            found += _provide_differences(provide, module)
    for consume in truth.consumes:
        module = shared.module(consume.key)
        if module is None:
            found.append(_unexpected(consume.key, f"asks for {consume.key}"))
        else:
            found += _consume_differences(consume, module)
    provided = {each.key for each in truth.provides}
    for key in sorted({each.key for each in truth.consumes} - provided):
        module = shared.module(key)
        if module is not None and module.import_:
            found.append(
                Difference(
                    key,
                    f"the bundle provides no copy of {key}",
                    f"the slice says {_versions(module)}",
                )
            )
    return tuple(sorted(set(found), key=lambda each: (each.key, each.bundle, each.slice)))


def absent_keys(truth: Truth, shared: ShareSlice) -> tuple[str, ...]:
    """Keys that first-party code imports and the bundle has no trace of, sorted."""
    present = {each.key for each in truth.provides} | {each.key for each in truth.consumes}
    return tuple(
        each.key for each in shared.shared if each.is_requested and each.key not in present
    )


def _provide_differences(provide: ContractProvide, module: SharedModule) -> Iterator[Difference]:
    key = provide.key
    does = f"the bundle provides {_named(provide)}"
    if not module.import_:
        yield Difference(key, does, "the slice says that it brings no copy along")
        return
    if not _is_known_version(provide.version, module):
        yield Difference(key, does, f"the slice says {_versions(module)}")
    if provide.scope != module.scope:
        yield Difference(
            key, f"{does} in the share scope {provide.scope}", f"the slice says {module.scope}"
        )
    yield from _flag_differences(does, provide, module, bool(provide.eager))
    if not _same_range(provide.required, module.required_version):
        yield _range_difference(does, provide.required, module)


def _consume_differences(consume: ContractConsume, module: SharedModule) -> Iterator[Difference]:
    key = consume.key
    does = f"the bundle asks for {key}"
    if consume.scopes != (module.scope,):
        names = ", ".join(consume.scopes)
        yield Difference(
            key, f"{does} in the share scope {names}", f"the slice says {module.scope}"
        )
    if not module.import_ and consume.fallback is not None:
        yield Difference(
            key,
            f"{does} with a copy {consume.fallback} of its own",
            "the slice says that it brings no copy along",
        )
    elif module.import_ and (
        consume.fallback is None or not _is_known_version(consume.fallback, module)
    ):
        yield Difference(
            key,
            f"{does} with {_copy(consume.fallback)} of its own",
            f"the slice says {_versions(module)}",
        )
    yield from _flag_differences(does, consume, module, bool(consume.eager))
    if not _same_range(consume.required, module.required_version):
        yield _range_difference(does, consume.required, module)
    elif module.required_version is None:
        yield from _looked_up_range_differences(does, consume, module)


def _looked_up_range_differences(
    does: str, consume: ContractConsume, module: SharedModule
) -> Iterator[Difference]:
    """Where the bundler finds the range by itself, it must be that of an importer of the copy."""
    wanted = {
        request.required_version
        for copy in module.copies
        if consume.fallback in (None, copy.version or UNVERSIONED)
        for request in copy.requests
    }
    if wanted and consume.required not in wanted:
        yield Difference(
            module.key,
            f"{does} with {_range(consume.required)}",
            f"the slice says {' or '.join(sorted(wanted))}",
        )


def _is_known_version(version: str | None, module: SharedModule) -> bool:
    if module.version is not None:
        return version == module.version
    copies = {copy.version or UNVERSIONED for copy in module.copies}
    return not copies or (version or UNVERSIONED) in copies


def _versions(module: SharedModule) -> str:
    if module.version is not None:
        return module.version
    copies = {copy.version or "no version" for copy in module.copies}
    return " or ".join(sorted(copies)) or "several copies"


def _flag_differences(
    does: str, part: ContractProvide | ContractConsume, module: SharedModule, eager: bool
) -> Iterator[Difference]:
    for name, bundled, wanted in (
        ("eager", eager, module.eager),
        ("singleton", bool(part.singleton), module.singleton),
        ("strict", bool(part.strict), module.strict_version),
    ):
        if bundled != wanted:
            yield Difference(
                part.key, f"{does} {_with(name, bundled)}", f"the slice says {_with(name, wanted)}"
            )


def _same_range(bundled: str | bool | None, wanted: str | bool | None) -> bool:
    # None leaves the range to the bundler's own lookup, which finds one for each importer.
    if wanted is None:
        return True
    # The bundler writes `*` for "no range" (`ConsumeSharedPlugin` of `@rspack/core` 2.2.9).
    return bundled in (False, "*", None) if wanted is False else bundled == wanted


def _range_difference(does: str, bundled: str | bool | None, module: SharedModule) -> Difference:
    return Difference(
        module.key,
        f"{does} with {_range(bundled)}",
        f"the slice says {_range(module.required_version)}",
    )


def _unexpected(key: str, does: str) -> Difference:
    return Difference(key, f"the bundle {does}", "the slice says that it is not shared")


def _named(provide: ContractProvide) -> str:
    return f"{provide.key} {provide.version or 'without a version'}"


def _copy(version: str | None) -> str:
    return "no copy" if version is None else f"a copy {version}"


def _with(name: str, value: bool) -> str:
    return name if value else f"not {name}"


def _range(value: str | bool | None) -> str:
    return f"the range {value}" if isinstance(value, str) else "no range"


def missing_from_list(truth: Truth, shared: ShareSlice) -> tuple[Difference, ...]:
    """What a runtime host was to provide and does not: all of its list, whoever imports it."""
    provided = {each.key for each in truth.provides}
    return tuple(
        Difference(
            module.key,
            f"the bundle provides no copy of {module.key}",
            f"the slice says {_versions(module)}",
        )
        for module in shared.shared
        if module.key not in provided
    )


def contract_of(
    truth: Truth,
    shared: ShareSlice,
    *,
    target: str,
    mode: str,
    inputs: Sequence[str],
    style: str = STANDARD,
) -> Contract:
    """The contract of a container that does what its slice says.

    Args:
        inputs: Fingerprints of all that the bundle was made from.
    """
    # A package at the project's root is its folder "", which is no name.
    importers = {
        module.key: tuple(name or "." for name in module.used_by) for module in shared.shared
    }
    return in_order(
        Contract(
            name=truth.name,
            kind=shared.kind,
            target=target,
            mode=mode,
            strategy=truth.strategy,
            scopes=truth.scopes,
            provides=truth.provides,
            consumes=tuple(
                replace(each, importers=importers.get(each.key, ())) for each in truth.consumes
            ),
            exposes=truth.exposes,
            remotes=truth.remotes,
            tools=truth.tools,
            slice_digest=slice_digest(shared),
            inputs_digest=_sha256("".join(f"{each}\n" for each in inputs)),
            files=truth.files,
            style=style,
        )
    )


def slice_digest(shared: ShareSlice) -> str:
    """SHA-256 of the federation plugin's ``shared`` option, as JSON with sorted keys."""
    return _sha256(json.dumps(shared.to_shared_config(), sort_keys=True))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
