"""The contract of one built container: what it provides, asks for, exposes and loads.

It is what ``mf-contract.json`` holds; ``docs/contract.md`` documents the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping

SCHEMA = "mf-contract"
SCHEMA_VERSION = 1
STANDARD = "standard"
RUNTIME = "runtime"


@dataclass(frozen=True, order=True)
class ContractProvide:
    """One version of one shared module that the bundle registers.

    Attributes:
        required: The range that the bundle gives with it; False for none, None when it gives none.
        chunks: Files that hold the module's code, relative to the container's folder; empty when
            they are part of the entry.
        bytes: Their size together.
    """

    scope: str
    key: str
    version: str | None
    eager: bool = False
    singleton: bool | None = None
    strict: bool | None = None
    required: str | bool | None = None
    chunks: tuple[str, ...] = ()
    bytes: int | None = None


@dataclass(frozen=True, order=True)
class ContractConsume:
    """One way in which the bundle asks for a shared module.

    Attributes:
        scopes: The share scopes, in the order in which they are tried.
        fallback: The version of the bundle's own copy; None when it has none (``import: false``).
        initial: It is asked for without an asynchronous boundary.
        at_start: It is asked for as soon as the container starts or, for a remote, is loaded.
        importers: First-party folders and installed packages that ask, where they are known.
    """

    scopes: tuple[str, ...]
    key: str
    required: str | bool | None = None
    singleton: bool | None = None
    strict: bool | None = None
    eager: bool | None = None
    fallback: str | None = None
    initial: bool = False
    at_start: bool = False
    importers: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class ContractExpose:
    """A module that others can load, and the files that loading it takes."""

    name: str
    js: tuple[str, ...] = ()
    css: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class ContractRemote:
    """A container that this one loads.

    Attributes:
        alias: Its name in imports.
        entry: The address of its manifest or entry, as it stands in the bundle.
        scopes: The share scopes that are handed over.
        exposes: The modules of it that are imported, ``./Cart``; None when unknown.
    """

    alias: str
    name: str
    entry: str
    scopes: tuple[str, ...] = ("default",)
    exposes: tuple[str, ...] | None = None


@dataclass(frozen=True, order=True)
class ContractFile:
    """One file of the container: its path in the folder, size in bytes, SHA-384 in base64."""

    path: str
    bytes: int
    sha384: str


@dataclass(frozen=True)
class Contract:
    """One container as it was built.

    Attributes:
        kind: ``host`` or ``remote``.
        strategy: ``version-first`` or ``loaded-first``; None for a runtime host, whose application
            tells it to the runtime.
        scopes: The share scopes that it takes from a host that loads it.
        tools: Tool → version: ``@rspack/core``, ``@module-federation/rspack``, ….
        slice_digest: SHA-256 of what the container was to share; None in a contract made of a
            plain manifest, which also has neither ``inputs_digest`` nor ``files``.
        inputs_digest: SHA-256 over everything that the bundle was made from.
        is_complete: False for one made of a plain manifest, which does not say all (strictness,
            eagerness, fallbacks): the plan is a guess then.
        style: ``runtime`` for a host whose application starts the federation runtime itself; else
            ``standard``.
    """

    name: str
    kind: str
    mode: str | None
    strategy: str | None
    scopes: tuple[str, ...]
    provides: tuple[ContractProvide, ...]
    consumes: tuple[ContractConsume, ...]
    exposes: tuple[ContractExpose, ...]
    remotes: tuple[ContractRemote, ...]
    tools: Mapping[str, str] = field(hash=False)
    slice_digest: str | None
    inputs_digest: str | None
    files: tuple[ContractFile, ...]
    target: str | None = None
    is_complete: bool = True
    style: str = STANDARD

    @property
    def is_runtime_host(self) -> bool:
        """Whether an application starts the federation runtime, and hands loaded modules over."""
        return self.style == RUNTIME
