"""Findings about what a container fails to share, or shares in a way that can't work as meant."""

from __future__ import annotations

import json
from typing import AbstractSet, Iterator, Sequence

from module_federation.sharing.entry_points import is_code
from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding
from module_federation.sharing.name_lists import first_of
from module_federation.sharing.policy import ResolvedOptions
from module_federation.sharing.share_slice import PrivatePackage, SharedModule
from module_federation.sharing.slice_context import SliceContext
from module_federation.sharing.usage import Crossing, Usage, UsedRequest


def shared_state(
    context: SliceContext, module: SharedModule, requests: Sequence[UsedRequest]
) -> Iterator[Finding]:
    """A stateful package that several containers use, shared but not as a singleton."""
    if not module.singleton:
        yield from _state(
            context,
            module.package,
            module.facts.stateful_because,
            module.facts.importers,
            requests,
            "shares it without making it a singleton, so that two copies can be loaded",
        )


def private_state(
    context: SliceContext, package: PrivatePackage, requests: Sequence[UsedRequest]
) -> Iterator[Finding]:
    """A stateful package that several containers use, and that this one keeps to itself."""
    yield from _state(
        context,
        package.name,
        package.stateful_because,
        package.importers,
        requests,
        "does not share it and bundles a copy of its own",
    )


def _state(
    context: SliceContext,
    package: str,
    because: str | None,
    importers: Sequence[str],
    requests: Sequence[UsedRequest],
    how: str,
) -> Iterator[Finding]:
    others = context.others_using(package)
    if because is None or not others:
        return
    first = requests[0] if requests else None
    said_at = context.options_for(package).said_at
    said = [
        f"{said_at[option]} says so (`{option}`)"
        for option in ("share", "singleton")
        if option in said_at
    ]
    yield Finding(
        "stateful-not-singleton",
        FINDING_CODES["stateful-not-singleton"].severity,
        f"There must be only one {package} in a page ({because}), but {context.container.name} "
        f"{how}; {first_of(others)} {'uses' if len(others) == 1 else 'use'} it too.",
        first.importer_file if first else None,
        first.line if first else None,
        (*(f"imported: {way}" for way in importers), *said),
        f'Make it a singleton: write `[packages."{package}"]` with `singleton = true` into the '
        "policy file, and take away what says otherwise.",
        containers=others,
        package=package,
    )


class Families:
    """Collects which packages of each family a container shares, and which it uses all the same.

    Of the entry points of one package none can be left out: all keys of a package are shared in the
    same way, and each request that first-party code makes is a key.
    """

    def __init__(self, context: SliceContext) -> None:
        self._context = context
        self._shared: dict[str, list[SharedModule]] = {}
        self._left_out: dict[str, list[tuple[str, Sequence[UsedRequest], ResolvedOptions]]] = {}

    def shared(self, module: SharedModule, resolved: ResolvedOptions) -> None:
        """Note a package that is shared, by one of its keys."""
        if resolved.options.family:
            self._shared.setdefault(resolved.options.family, []).append(module)

    def left_out(
        self, package: str, requests: Sequence[UsedRequest], resolved: ResolvedOptions
    ) -> None:
        """Note a package that is not shared, and who asks for it."""
        family = resolved.options.family
        if not family:
            return
        code = [
            each
            for each in requests
            if is_code(self._context.copy_for(each), package, each.request)
        ]
        # What only installed packages use is left out only if somebody has said so.
        if code or (resolved.decision is False and self._context.edges_to(package)):
            self._left_out.setdefault(family, []).append((package, code, resolved))

    def findings(self) -> Iterator[Finding]:
        """Families that are shared in part, or in different ways."""
        for family, members in self._shared.items():
            yield from _incoherent(self._context, family, members)
            for package, requests, resolved in self._left_out.get(family, ()):
                yield self._torn(family, members, package, requests, resolved)

    def _torn(
        self,
        family: str,
        members: Sequence[SharedModule],
        package: str,
        requests: Sequence[UsedRequest],
        resolved: ResolvedOptions,
    ) -> Finding:
        first = requests[0] if requests else None
        names = ", ".join(each.package for each in members)
        why = (
            f"{package}: not shared, as {resolved.said_at['share']} says"
            if resolved.decision is False
            else f"{package}: not shared, by the automatic rules"
        )
        users = sorted({edge.source.label for edge in self._context.edges_to(package)})
        return Finding(
            "family-left-out",
            FINDING_CODES["family-left-out"].severity,
            f"{package} belongs together with {names} (family `{family}`), but "
            f"{self._context.container.name} shares {names} and uses a copy of its own of "
            f"{package}: they may come from different builds.",
            first.importer_file if first else None,
            first.line if first else None,
            (
                *(f"{each.package}: shared, {each.reason}" for each in members),
                why,
                *(f"{package}: used by {label}" for label in users),
            ),
            f"Share {package} with the options of {names}, or share none of them.",
            package=package,
        )


def _incoherent(
    context: SliceContext, family: str, members: Sequence[SharedModule]
) -> Iterator[Finding]:
    """Packages of one family that are not shared in the same way, one module for each package."""
    shapes = {
        (each.singleton, each.strict_version, each.eager, each.scope, each.import_)
        for each in members
    }
    if len(shapes) > 1:
        yield Finding(
            "incoherent-family",
            FINDING_CODES["incoherent-family"].severity,
            f"{', '.join(each.package for each in members)} belong together (family `{family}`), "
            f"but {context.container.name} shares them in different ways: they may come from "
            "different builds.",
            chain=tuple(
                f"{each.package}: {_differing_options(each, members)}; {each.reason}"
                for each in members
            ),
            remedy="Give all of them the same options.",
            package=members[0].package,
        )


_OPTIONS = (
    ("singleton", "singleton"),
    ("strict_version", "strict_version"),
    ("eager", "eager"),
    ("scope", "scope"),
    ("import", "import_"),
)


def _differing_options(module: SharedModule, members: Sequence[SharedModule]) -> str:
    """The options that not all members have alike, as a policy file writes them."""
    return ", ".join(
        f"{name} = {json.dumps(getattr(module, attribute))}"
        for name, attribute in _OPTIONS
        if len({getattr(each, attribute) for each in members}) > 1
    )


def bypassed_shares(
    context: SliceContext, usage: Usage, shared: AbstractSet[str]
) -> Iterator[Finding]:
    """First-party files that reach into a shared first-party package by a path.

    The bundler shares by request: what is imported by a path is bundled once more, beside the
    shared copy, and has a state of its own.

    Args:
        shared: The packages that the container shares.
    """
    for crossing in sorted(set(usage.crossings)):
        package = crossing.package
        if not is_code(None, package, crossing.file):
            continue
        if package in shared or _would_be_shared(context, package):
            yield _bypass(
                context, crossing, any(each.package == package for each in usage.requests)
            )


def _would_be_shared(context: SliceContext, package: str) -> bool:
    """Whether a first-party package is shared wherever it is imported by its name."""
    decision = context.options_for(package).decision
    if decision is not None:
        return decision
    rule = context.policy.auto.first_party
    return rule == "always" or (rule == "federated" and bool(context.others_using(package)))


def _bypass(context: SliceContext, crossing: Crossing, is_named: bool) -> Finding:
    package = crossing.package
    manifest = context.container.file(crossing.package_dir, "package.json")
    chain = context.chains(crossing.importer_file)
    twice = " a second time" if is_named else ""
    return Finding(
        "bypassed-share",
        FINDING_CODES["bypassed-share"].severity,
        f"`{crossing.request}` leads to {crossing.file} in {package}, which is shared; but what is "
        f"imported by a path is not: {context.container.name} bundles that module{twice} for "
        "itself, with a state of its own.",
        crossing.importer_file,
        crossing.line,
        (f"reached through {' → '.join(chain)}",) if len(chain) > 1 else (),
        f"Import it by the name of its package, `{package}`; if that does not lead to it yet, add "
        f"the file to `exports` in {manifest}.",
        package=package,
    )
