"""Which packages are shared, and how: presets, the repository's policy, the target's own word.

A policy is TOML, and so is a preset::

    presets = ["react"]                 # the default; [] for none

    [auto]
    third_party = "federated"           # or "always", "never"
    first_party = "never"               # or "federated", "always"
    peers = "singleton"                 # or "share", "ignore"

    [packages.react-router]             # to name a package is to share it …
    singleton = true

    [packages."@mui/*"]                 # … in each container that uses it; `*` stands for any text
    share = "auto"                      # … unless `share` is false, or "auto" (the rules of [auto])
    scope = "mui"

    [packages.react.remotes]            # for one kind of container only: hosts or remotes
    import = false

    [packages.zod]                      # of what a lower layer says, this no longer holds
    unset = ["singleton"]

What is said about findings (``[findings]``, ``[[silenced]]``) is in ``finding_policy``.

The automatic rules look at packages that no entry decides about: ``peers`` at those that some
reachable package names as a peer dependency (such a package is made to exist once, so first-party
code that imports it shares it as a singleton), then ``third_party`` and ``first_party`` at those
that first-party code imports (``federated``: at least two containers of one federation import it).

Later layers win, option by option: the built-in preset ``default``, the presets in the order named,
the repository's policy, the target's ``shared`` field. Within a layer, patterns come before exact
names, shorter patterns before longer ones, and the ``hosts``/``remotes`` tables after all of these.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Mapping, Sequence

import tomli

from module_federation.sharing.finding_policy import AS_USUAL, FindingPolicy, read_finding_policy
from module_federation.sharing.share_options import (
    Place,
    PolicyError,
    ShareOptions,
    matches_name,
    read_options,
    suggest,
)
from module_federation.sharing.toml_lines import (
    KeyPath,
    key_lines,
    line_of,
    line_of_error,
)

__all__ = [
    "AutoRules",
    "ContainerKind",
    "EffectivePolicy",
    "PolicyError",
    "PolicyLayer",
    "ResolvedOptions",
    "ShareOptions",
    "effective_policy",
    "parse_policy",
    "preset_names",
    "target_layer",
]

DEFAULT_PRESETS: tuple[str, ...] = ("react",)
_BUILT_IN = "default"
_PRESETS_FOLDER = Path(__file__).parent / "presets"
_TOP_LEVEL_KEYS = ("auto", "findings", "packages", "presets", "silenced")
_AUTO_VALUES = {
    "third_party": ("federated", "always", "never"),
    "first_party": ("federated", "always", "never"),
    "peers": ("singleton", "share", "ignore"),
}
_PACKAGE_KEY = re.compile(r"(?:@[^/\s]+/)?[^/\s@]+\Z")


class ContainerKind(Enum):
    """The two kinds of container; the values are the names of a policy's sub-tables."""

    HOST = "hosts"
    REMOTE = "remotes"


@dataclass(frozen=True)
class AutoRules:
    """What happens to packages that no entry decides about. None: nothing was said."""

    third_party: str | None = None
    first_party: str | None = None
    peers: str | None = None

    def over(self, lower: AutoRules) -> AutoRules:
        """These rules, and those of ``lower`` where nothing is said here."""
        return AutoRules(
            self.third_party or lower.third_party,
            self.first_party or lower.first_party,
            self.peers or lower.peers,
        )


_DEFAULT_RULES = AutoRules("federated", "never", "singleton")


@dataclass(frozen=True)
class PackageEntry:
    """One ``[packages.<pattern>]`` table, or one entry of a target's ``shared`` field."""

    pattern: str
    everywhere: ShareOptions
    by_kind: tuple[tuple[ContainerKind, ShareOptions], ...]
    place: Place

    @property
    def is_exact(self) -> bool:
        """Whether the pattern is the name of one package."""
        return "*" not in self.pattern

    def matches(self, package: str) -> bool:
        """Whether the entry speaks about ``package``."""
        return matches_name(self.pattern, package)


@dataclass(frozen=True)
class PolicyLayer:
    """One source of policy. ``presets`` is None where a file does not mention them."""

    name: str
    entries: tuple[PackageEntry, ...]
    auto: AutoRules = AutoRules()
    presets: tuple[str, ...] | None = None
    findings: FindingPolicy = AS_USUAL


@dataclass(frozen=True)
class ResolvedOptions:
    """What all layers together say about one package, and which places said it, lowest first.

    ``said_at`` is where each option that is set got its value, by the name of its attribute.
    """

    options: ShareOptions
    places: tuple[Place, ...]
    said_at: Mapping[str, Place] = dataclasses.field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )

    @property
    def decision(self) -> bool | None:
        """True or False when an entry decides whether to share, None to leave it to ``[auto]``."""
        share = self.options.share
        return share if isinstance(share, bool) else None


@dataclass(frozen=True)
class EffectivePolicy:
    """All layers, lowest first, ready to be asked about packages."""

    layers: tuple[PolicyLayer, ...]
    auto: AutoRules
    target_entries: tuple[PackageEntry, ...]
    findings: FindingPolicy = AS_USUAL

    def options_for(self, package: str, kind: ContainerKind) -> ResolvedOptions:
        """What is to be done with ``package`` in a container of one kind."""
        merged = ShareOptions()
        places: list[Place] = []
        said_at: dict[str, Place] = {}
        for layer in self.layers:
            entries = [entry for entry in layer.entries if entry.matches(package)]
            if not entries:
                continue
            entries.sort(key=lambda entry: (entry.is_exact, len(entry.pattern), entry.pattern))
            specific = [
                (options, entry.place)
                for entry in entries
                for entry_kind, options in entry.by_kind
                if entry_kind is kind
            ]
            everywhere = [(entry.everywhere, entry.place) for entry in entries]
            for options, place in (*everywhere, *specific):
                merged = options.over(merged)
                for name in options.unset:
                    said_at.pop(name, None)
                said_at.update(dict.fromkeys(options.said, place))
            places += [entry.place for entry in entries]
        options = dataclasses.replace(merged, unset=())
        return ResolvedOptions(options, tuple(places), MappingProxyType(said_at))


def effective_policy(
    repository: PolicyLayer | None = None, target: PolicyLayer | None = None
) -> EffectivePolicy:
    """The built-in preset, the presets that are named, the repository's policy, the target's word.

    The target's presets take the place of the repository's, and those of the default ones.
    """
    own = [layer for layer in (repository, target) if layer is not None]
    named = [layer.presets for layer in own if layer.presets is not None]
    names = named[-1] if named else DEFAULT_PRESETS
    layers = [_preset(_BUILT_IN), *(_preset(name) for name in names), *own]
    auto = _DEFAULT_RULES
    findings = AS_USUAL
    for layer in layers:
        auto = layer.auto.over(auto)
        findings = layer.findings.over(findings)
    return EffectivePolicy(tuple(layers), auto, target.entries if target else (), findings)


def preset_names() -> tuple[str, ...]:
    """The presets that a policy can name."""
    names = (path.stem for path in _PRESETS_FOLDER.glob("*.toml"))
    return tuple(sorted(name for name in names if name != _BUILT_IN))


@lru_cache(maxsize=None)
def _preset(name: str) -> PolicyLayer:
    path = _PRESETS_FOLDER / f"{name}.toml"
    return parse_policy(path.read_bytes(), f"preset {name}")


def parse_policy(content: bytes, path: str) -> PolicyLayer:
    """Read a policy file.

    Args:
        content: The file.
        path: Its path, for messages.

    Raises:
        PolicyError: It is no TOML, has an unknown key or preset, or a value that is not allowed.
            The error has the line.
    """
    try:
        text = content.decode("utf-8-sig")
        data = tomli.loads(text)
    except UnicodeDecodeError as error:
        raise PolicyError(path, None, "The file is not UTF-8.", "Save it as UTF-8.") from error
    except tomli.TOMLDecodeError as error:
        line = line_of_error(str(error), text)
        raise PolicyError(path, line, f"This is not TOML: {error}.", "Correct the line.") from error
    return _PolicyReader(path, key_lines(text)).read(data)


def target_layer(
    shared: Mapping[str, Any], where: str, presets: Sequence[str] | None = None
) -> PolicyLayer:
    """Read a target's ``shared`` and ``presets`` fields.

    Args:
        shared: Package name or pattern → options, or True (share it) or False (never share it).
        where: The target's address, for messages.
        presets: Names of presets; None where the target does not mention them.

    Raises:
        PolicyError: As for a policy file.
    """
    reader = _PolicyReader(f"the `shared` field of {where}", {})
    entries = reader.entries(shared, ())
    if presets is None:
        return PolicyLayer(reader.path, entries)
    reader = _PolicyReader(f"the `presets` field of {where}", {})
    return PolicyLayer(reader.path, entries, presets=reader.presets({"presets": [*presets]}))


@dataclass(frozen=True)
class _PolicyReader:
    path: str
    lines: dict[KeyPath, int]

    def error(self, key: KeyPath, problem: str, remedy: str) -> PolicyError:
        return PolicyError(self.path, line_of(self.lines, key), problem, remedy)

    def check_keys(self, values: Mapping[str, Any], allowed: Sequence[str], key: KeyPath) -> None:
        for name in values:
            if name not in allowed:
                where = f"`[{'.'.join(key)}]`" if key else "The file"
                problem = f"{where} has the unknown key `{name}`."
                raise self.error((*key, name), problem, suggest(name, allowed))

    def table(self, values: object, key: KeyPath) -> Mapping[str, Any]:
        if not isinstance(values, Mapping):
            problem = f"`{'.'.join(key)}` is {values!r}."
            raise self.error(key, problem, "Write a table of options.")
        return values

    def read(self, data: Mapping[str, Any]) -> PolicyLayer:
        self.check_keys(data, _TOP_LEVEL_KEYS, ())
        entries = self.entries(self.table(data.get("packages", {}), ("packages",)), ("packages",))
        findings = read_finding_policy(data, self.path, self.lines)
        return PolicyLayer(self.path, entries, self.auto(data), self.presets(data), findings)

    def presets(self, data: Mapping[str, Any]) -> tuple[str, ...] | None:
        names = data.get("presets")
        if names is None:
            return None
        key = ("presets",)
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self.error(key, f"`presets` is {names!r}.", 'Write a list, such as ["react"].')
        known = preset_names()
        for name in names:
            if name not in known:
                raise self.error(key, f"There is no preset `{name}`.", suggest(name, known))
        return tuple(names)

    def auto(self, data: Mapping[str, Any]) -> AutoRules:
        rules = self.table(data.get("auto", {}), ("auto",))
        self.check_keys(rules, tuple(_AUTO_VALUES), ("auto",))
        for name, value in rules.items():
            if value not in _AUTO_VALUES[name]:
                problem = f"`auto.{name}` is {value!r}."
                raise self.error(("auto", name), problem, suggest(str(value), _AUTO_VALUES[name]))
        return AutoRules(**rules)

    def entries(self, packages: Mapping[str, Any], key: KeyPath) -> tuple[PackageEntry, ...]:
        return tuple(
            self.entry(pattern, value, (*key, pattern)) for pattern, value in packages.items()
        )

    def entry(self, pattern: str, value: object, key: KeyPath) -> PackageEntry:
        place = Place(self.path, line_of(self.lines, key))
        if not isinstance(pattern, str) or not _PACKAGE_KEY.match(pattern):
            raise self.error(
                key,
                f"`{pattern}` is not the name of a package.",
                "Write a name such as `react-dom`, or a pattern such as `@mui/*`; name entry "
                "points of a package in its `subpaths`.",
            )
        if isinstance(value, bool):
            return PackageEntry(pattern, ShareOptions(share=value), (), place)
        values = dict(self.table(value, key))
        inner = {kind: values.pop(kind.value, {}) for kind in ContainerKind}
        everywhere = self.options(values, key, f"`{pattern}`")
        by_kind = []
        for kind, table in inner.items():
            inner_key = (*key, kind.value)
            if table != {}:
                subject = f"`{pattern}` in {kind.value}"
                options = self.options(self.table(table, inner_key), inner_key, subject)
                by_kind.append((kind, options))
        # To name a package is to share it: everywhere, or where only one kind is named, there.
        share = True if everywhere.share is None else everywhere.share
        if not by_kind or not everywhere.is_empty:
            everywhere = dataclasses.replace(everywhere, share=share)
        lowest = ShareOptions(share=share)
        kinds = tuple((kind, options.over(lowest)) for kind, options in by_kind)
        return PackageEntry(pattern, everywhere, kinds, place)

    def options(self, values: Mapping[str, Any], key: KeyPath, subject: str) -> ShareOptions:
        # The first key that cannot be read is the one a message is about.
        for name in values:
            place = Place(self.path, line_of(self.lines, (*key, name)))
            read_options({name: values[name]}, place, subject)
        return read_options(values, Place(self.path, line_of(self.lines, key)), subject)
